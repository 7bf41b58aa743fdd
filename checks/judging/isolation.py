"""Isolation: what the kernel keeps a process from doing, on Linux without privileges.

Landlock decides which files can be read and written; seccomp refuses system calls that no answer
needs: other processes, the network, signals, changes of others' files. Both hold for good, for
the process and all that it starts. What a kernel lacks is left out and told by `level`.
"""

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

MEANING = {
    "full": "answers read only Python, its packages and the checks, write only to their own "
    "folder, and reach no network and no other process",
    "partial": "the kernel enforces only a part of the isolation (see checks/teaching/README.md)",
    "limits": "only limits of time, memory, file size and processes hold: an answer can read and "
    "change what you can; grade strangers' code in a container",
    "none": "nothing holds but limits of time and memory, as you asked for",
}

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_READ = _READ_FILE | _READ_DIR
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_EXECUTE, _NODES = 1 << 0, 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11  # devices, sockets, pipes
_RULE, _RESTRICT, _CREATE = 445, 446, 444  # the same on every architecture
_PRCTL_DEATH, _PRCTL_DUMPABLE, _PRCTL_SECCOMP, _PRCTL_NO_NEW = 1, 4, 22, 38

# numbers on x86_64 and aarch64; - where an architecture never had the call
_REFUSED = """
fork 57 - vfork 58 - execve 59 221 execveat 322 281 ptrace 101 117 kcmp 312 272
process_vm_readv 310 270 process_vm_writev 311 271 process_madvise 440 440
pidfd_open 434 434 pidfd_getfd 438 438 pidfd_send_signal 424 424
rt_sigqueueinfo 129 138 rt_tgsigqueueinfo 297 240
socket 41 198 socketpair 53 199 setsid 112 157 setpgid 109 154
setpriority 141 140 sched_setscheduler 144 119 sched_setattr 314 274 ioprio_set 251 30
mount 165 40 umount2 166 39 pivot_root 155 41 chroot 161 51 unshare 272 97 setns 308 268
fsopen 430 430 fsmount 432 432 move_mount 429 429 open_tree 428 428 mount_setattr 442 442
bpf 321 280 perf_event_open 298 241 keyctl 250 219 add_key 248 217 request_key 249 218
io_uring_setup 425 425 userfaultfd 323 282 memfd_create 319 279 memfd_secret 447 447
shmget 29 194 semget 64 190 msgget 68 186 mq_open 240 180 link 86 - linkat 265 37
name_to_handle_at 303 264 open_by_handle_at 304 265 fanotify_init 300 262 quotactl 179 60
acct 163 89 swapon 167 224 swapoff 168 225 reboot 169 142 kexec_load 246 104
kexec_file_load 320 294 init_module 175 105 finit_module 313 273 delete_module 176 106
sethostname 170 161 setdomainname 171 162 settimeofday 164 170 clock_settime 227 112
adjtimex 159 171 clock_adjtime 305 266 syslog 103 116 vhangup 153 58 personality 135 92
mknod 133 - mknodat 259 33
"""
# these seem to work and do nothing: copying a file copies its mode too, and no answer minds
_IGNORED = """
chmod 90 - fchmod 91 52 fchmodat 268 53 fchmodat2 452 452 chown 92 - fchown 93 55
lchown 94 - fchownat 260 54 utime 132 - utimes 235 - futimesat 261 - utimensat 280 88
setxattr 188 5 lsetxattr 189 6 fsetxattr 190 7 removexattr 197 14 lremovexattr 198 15
fremovexattr 199 16 setxattrat 463 463 removexattrat 466 466
"""
# allowed where the first argument is the process itself
_TO_SELF = "kill 62 129 tgkill 234 131 tkill 200 130 prlimit64 302 261"
_CLONE, _CLONE3 = (56, 220), (435, 435)
_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_EPERM, _ENOSYS, _CLONE_THREAD = 1, 38, 0x00010000
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


@cache
def landlock_version() -> int:
    """Which version of Landlock the kernel speaks; 0 for none."""
    if sys.platform != "linux":
        return 0
    return max(0, _libc().syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(1)))


@cache
def has_seccomp() -> bool:
    """Whether the kernel takes a filter of system calls, and the numbers of its calls are known."""
    if sys.platform != "linux" or platform.machine() not in _ARCHITECTURES:
        return False
    if ctypes.sizeof(ctypes.c_void_p) != 8:
        return False
    return _libc().prctl(_PRCTL_SECCOMP, 2, None, 0, 0) == -1 and ctypes.get_errno() == 14  # EFAULT


def level(wanted: str = "full") -> str:
    """The level of isolation that this machine reaches."""
    if wanted in ("none", "limits"):
        return wanted
    found = landlock_version() > 0, has_seccomp()
    return "full" if all(found) else "partial" if any(found) else "limits"


def readable(*more: Path) -> list[Path]:
    """What Python and its packages are loaded from, and `more`."""
    import site
    import sysconfig

    found: set[Path] = {Path(o) for o in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    # a Python of the system has /usr as its prefix, of which only a part is needed
    if Path("/usr") in found:
        found.discard(Path("/usr"))
        found |= {Path(sysconfig.get_path(o)) for o in ("stdlib", "platstdlib")}
    found |= {*map(Path, site.getsitepackages()), *more}
    found |= {Path(o) for o in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")}
    found |= {Path(o) for o in ("/usr/share/zoneinfo", "/usr/share/fonts", "/usr/share/mime")}
    found |= {Path(o) for o in ("/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types")}
    found |= {Path(o) for o in ("/dev/urandom", "/dev/random", "/dev/null", "/dev/zero")}
    found |= {Path(o) for o in ("/sys/devices/system/cpu", "/proc/cpuinfo")}
    return sorted(o for o in found if o.exists())


def enclose(read: Iterable[Path], write: Path, strict: bool = True) -> None:
    """From here on this process reads only below `read`, and writes only below `write`.

    With `strict` it also starts no process, signals none and has no network. Raises OSError where
    the kernel has what is needed and refuses it.
    """
    if sys.platform != "linux":
        return
    _libc().prctl(_PRCTL_DUMPABLE, 0, 0, 0, 0)
    _must(_libc().prctl(_PRCTL_NO_NEW, 1, 0, 0, 0))
    if version := landlock_version():
        _landlock(version, read, write)
    if strict and has_seccomp():
        _seccomp()


def die_with_parent(parent: int) -> None:
    """End this process when its parent ends; at once if that has happened."""
    if sys.platform == "linux":
        _libc().prctl(_PRCTL_DEATH, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(70)


def close_all_but(kept: Iterable[int]) -> None:
    """Close every descriptor but these."""
    first = 0
    for fd in sorted(set(kept)):
        if first < fd:
            os.closerange(first, fd)
        first = fd + 1
    if sys.platform != "linux" or _libc().syscall(436, first, ctypes.c_uint(~0), 0) != 0:
        os.closerange(first, min(os.sysconf("SC_OPEN_MAX"), 65536))


def _must(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"isolation failed: {os.strerror(error)}")
    return result


def _landlock(version: int, read: Iterable[Path], write: Path) -> None:
    files = (1 << 13) - 1
    files |= sum(1 << bit for bit, since in ((13, 2), (14, 3), (15, 5)) if version >= since)
    network, scope = 3 if version >= 4 else 0, 3 if version >= 6 else 0
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    attributes = struct.pack("QQQ", files, network, scope)[:size]
    ruleset = _must(_libc().syscall(_CREATE, attributes, ctypes.c_size_t(size), ctypes.c_uint(0)))

    def grant(path: Path, rights: int) -> None:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return
        if not path.is_dir():
            rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE
        rule = struct.pack("=Qi", rights & files, fd)
        _must(_libc().syscall(_RULE, ruleset, 1, rule, 0))
        os.close(fd)

    for path in read:
        grant(path, _READ)
    grant(Path(os.devnull), _READ_FILE | _WRITE_FILE | _TRUNCATE)
    grant(write, files & ~(_EXECUTE | _NODES))
    _must(_libc().syscall(_RESTRICT, ruleset, 0))
    os.close(ruleset)


def _numbers(table: str) -> list[int]:
    """The numbers in a table of calls on this machine."""
    words, column = table.split(), _ARCHITECTURES[platform.machine()][1]
    return [int(o) for o in words[1 + column :: 3] if o != "-"]


def _seccomp() -> None:
    audit, column = _ARCHITECTURES[platform.machine()]
    load, equal, at_least, any_bit, leave = 0x20, 0x15, 0x35, 0x45, 0x06
    refuse, nothing, allow = (
        (leave, 0, 0, _ERRNO | _EPERM),
        (leave, 0, 0, _ERRNO),
        (leave, 0, 0, _ALLOW),
    )
    absent = (leave, 0, 0, _ERRNO | _ENOSYS)
    code = [(load, 0, 0, 4), (equal, 1, 0, audit), (leave, 0, 0, _KILL), (load, 0, 0, 0)]
    code += [(at_least, 0, 1, 0x40000000), absent]  # the calls of x32 have numbers of their own
    for number in _numbers(_REFUSED):
        code += [(equal, 0, 1, number), refuse]
    for number in _numbers(_IGNORED):
        code += [(equal, 0, 1, number), nothing]
    code += [(equal, 0, 1, _CLONE3[column]), absent]  # a library then calls `clone`
    code += [(equal, 0, 4, _CLONE[column]), (load, 0, 0, 16), (any_bit, 1, 0, _CLONE_THREAD)]
    code += [refuse, allow]
    for number in _numbers(_TO_SELF):
        code += [(equal, 0, 5, number), (load, 0, 0, 16), (equal, 2, 0, os.getpid())]
        code += [(equal, 1, 0, 0) if number in _numbers(_TO_SELF)[3:] else (equal, 0, 0, 0)]
        code += [refuse, allow]
    code += [allow]
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *o) for o in code))
    header = struct.pack("@HP", len(code), ctypes.addressof(program))
    _must(_libc().prctl(_PRCTL_SECCOMP, 2, header, 0, 0))
