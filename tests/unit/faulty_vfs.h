/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_TESTS_FAULTY_VFS_H
#define OOMLAB_TESTS_FAULTY_VFS_H

/*
 * SQLite's own file system, of which the nth call that changes something
 * fails: once, or that and all that follow (sqlite.org/vfs.html). Only for
 * connections that are opened after faulty_install().
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

struct faulty {
	int countdown; /* 1: the next call fails; 0 and below: none does */
	bool lasting;
	int code;
	int failed; /* how many did */
};

static struct faulty faulty;
static sqlite3_vfs *faulty_real;
static sqlite3_vfs faulty_vfs;

struct faulty_file {
	sqlite3_file base;
	sqlite3_file *real; /* behind this struct */
};

static inline bool faulty_now(void)
{
	if (faulty.countdown <= 0 || --faulty.countdown > 0)
		return false;
	if (faulty.lasting)
		faulty.countdown = 1;
	faulty.failed++;
	return true;
}

#define REAL(file)    (((struct faulty_file *)(void *)(file))->real)
#define METHODS(file) (REAL(file)->pMethods)
#define PASS(name, args, ...)                                                  \
	static int faulty_##name args                                          \
	{                                                                      \
		return METHODS(file)->x##name(__VA_ARGS__);                    \
	}
#define FAIL(name, args, ...)                                                  \
	static int faulty_##name args                                          \
	{                                                                      \
		return faulty_now() ? faulty.code                              \
				    : METHODS(file)->x##name(__VA_ARGS__);     \
	}

/* clang-format off */
PASS(Close, (sqlite3_file *file), REAL(file))
PASS(Read, (sqlite3_file *file, void *to, int count, sqlite3_int64 at),
	REAL(file), to, count, at)
FAIL(Write, (sqlite3_file *file, const void *from, int count, sqlite3_int64 at),
	REAL(file), from, count, at)
FAIL(Truncate, (sqlite3_file *file, sqlite3_int64 size), REAL(file), size)
FAIL(Sync, (sqlite3_file *file, int flags), REAL(file), flags)
PASS(FileSize, (sqlite3_file *file, sqlite3_int64 *size), REAL(file), size)
PASS(Lock, (sqlite3_file *file, int lock), REAL(file), lock)
PASS(Unlock, (sqlite3_file *file, int lock), REAL(file), lock)
PASS(CheckReservedLock, (sqlite3_file *file, int *out), REAL(file), out)
PASS(FileControl, (sqlite3_file *file, int op, void *arg), REAL(file), op, arg)
PASS(SectorSize, (sqlite3_file *file), REAL(file))
PASS(DeviceCharacteristics, (sqlite3_file *file), REAL(file))
PASS(ShmLock, (sqlite3_file *file, int at, int count, int flags),
	REAL(file), at, count, flags)
PASS(ShmUnmap, (sqlite3_file *file, int remove), REAL(file), remove)
/* clang-format on */

/* With SQLITE_READONLY it would say that it is mapped, for reading. */
static int faulty_ShmMap(
	sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
	return faulty_now() ? SQLITE_IOERR_SHMMAP
			    : METHODS(file)->xShmMap(
				      REAL(file), page, size, extend, out);
}

static void faulty_ShmBarrier(sqlite3_file *file)
{
	METHODS(file)->xShmBarrier(REAL(file));
}

static const sqlite3_io_methods faulty_methods = {.iVersion = 2,
	.xClose = faulty_Close,
	.xRead = faulty_Read,
	.xWrite = faulty_Write,
	.xTruncate = faulty_Truncate,
	.xSync = faulty_Sync,
	.xFileSize = faulty_FileSize,
	.xLock = faulty_Lock,
	.xUnlock = faulty_Unlock,
	.xCheckReservedLock = faulty_CheckReservedLock,
	.xFileControl = faulty_FileControl,
	.xSectorSize = faulty_SectorSize,
	.xDeviceCharacteristics = faulty_DeviceCharacteristics,
	.xShmMap = faulty_ShmMap,
	.xShmLock = faulty_ShmLock,
	.xShmBarrier = faulty_ShmBarrier,
	.xShmUnmap = faulty_ShmUnmap};

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
	int flags, int *out_flags)
{
	struct faulty_file *own = (void *)file;
	int code = SQLITE_CANTOPEN;

	(void)vfs;
	own->base.pMethods = NULL;
	own->real = (void *)(own + 1);
	if (!faulty_now())
		code = faulty_real->xOpen(
			faulty_real, name, own->real, flags, out_flags);
	if (code == SQLITE_OK)
		own->base.pMethods = &faulty_methods;
	return code;
}

/* The default from now on. */
static inline void faulty_install(void)
{
	if (faulty_real)
		return;
	faulty_real = sqlite3_vfs_find(NULL);
	faulty_vfs = *faulty_real;
	faulty_vfs.zName = "faulty";
	faulty_vfs.szOsFile += (int)sizeof(struct faulty_file);
	faulty_vfs.xOpen = faulty_open;
	faulty_vfs.pNext = NULL;
	sqlite3_vfs_register(&faulty_vfs, 1);
}

#endif
