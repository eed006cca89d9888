import { lockDataFolder } from '../../server/store/dataFolderLock.ts';

/** Takes the lock of the folder named by its argument, tells its parent how that went, and stays until it is killed. */
const locking = lockDataFolder(process.argv[2] as string);
process.send?.(locking.ok ? { ok: true } : locking);
process.on('message', () => {});
