import { constants, fdatasync, write } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What the store does to the disk while it runs; tests put their own in its place to delay, count or fail it. */
export interface DiskWrites {
  /** Writes all of `bytes` at the end of the file. */
  append(fd: number, bytes: Buffer): Promise<void>;
  /** Settles once everything written to the file is on the disk. */
  sync(fd: number): Promise<void>;
  /**
   * To be set when a file is opened for `append`: then what was appended is on the disk without a `sync`, in one errand of
   * a helper thread and not in two. Absent where the system has no such thing that is an equal of `sync`.
   */
  readonly writeThrough?: number;
}

export const diskWrites: DiskWrites = {
  append(fd, bytes) {
    return new Promise((resolve, reject) => {
      function from(offset: number): void {
        write(fd, bytes, offset, bytes.length - offset, null, (error, written) => {
          if (error !== null) reject(error);
          else if (offset + written < bytes.length) from(offset + written);
          else resolve();
        });
      }
      from(0);
    });
  },
  sync(fd) {
    return new Promise((resolve, reject) => fdatasync(fd, (error) => (error === null ? resolve() : reject(error))));
  },
  // Elsewhere the flag is missing, or leaves out the disk's own cache, which `fdatasync` does not
  ...(process.platform === 'linux' ? { writeThrough: constants.O_DSYNC } : {}),
};

/** Puts the names in a folder on the disk: a new or renamed file outlives a power cut only after this. */
export async function syncDirectory(directory: string): Promise<void> {
  // Windows opens no folder as a file; NTFS journals names by itself
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces a file as a whole: a cut at any moment leaves the old one or the new one. `fill` writes the content. */
export async function replaceFile(path: string, fill: (handle: FileHandle) => Promise<void>): Promise<void> {
  const temporary = `${path}.new`;
  const handle = await open(temporary, 'w');
  try {
    await fill(handle);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await handle.close();
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}
