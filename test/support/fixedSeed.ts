import fc from 'fast-check';

/** Property tests draw the same cases at every run; FC_SEED draws others. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.FC_SEED ?? 20260318) });
