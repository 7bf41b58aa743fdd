"""Allowed: the modules, names and attributes that an answer may use when it is graded.

What isn't listed is refused. Listed is what the answers of the catalogues need, and what else an
honest answer to these exercises may want.
"""

import builtins
import sys
from types import BuiltinFunctionType, ModuleType

_WHOLE = """
__future__ abc array bisect calendar cmath collections collections.abc contextlib copy csv
dataclasses datetime decimal difflib enum fnmatch fractions glob hashlib heapq itertools json
keyword math
mimetypes numbers pathlib pprint random re errno reprlib stat statistics struct textwrap time timeit
uuid weakref os.path posixpath ntpath genericpath zlib base64 binascii colorsys platform argparse
torch torch.nn torch.nn.functional torch.nn.init torch.nn.parameter torch.nn.utils torch.nn.modules
torch.optim torch.optim.optimizer torch.optim.lr_scheduler torch.optim.sgd torch.optim.adam
torch.utils torch.utils.data torch.utils.data.dataloader torch.utils.data.dataset
torch.utils.data.sampler torch.utils.checkpoint torch.linalg torch.fft torch.special torch.autograd
torch.autograd.function torch.autograd.functional torch.cuda torch.backends torch.backends.cudnn
torch.backends.mps torch.mps torch.random torch.distributions torch.amp torch.cuda.amp torch.types
torch.version
numpy numpy.random numpy.linalg numpy.fft numpy.typing
PIL PIL.Image PIL.ImageOps PIL.ImageFilter PIL.ImageDraw PIL.ImageFile PIL.ImageEnhance
PIL.ImageChops PIL.ImageTransform PIL.ImageSequence PIL.ImageStat PIL.ImageColor PIL.ExifTags
matplotlib matplotlib.pyplot matplotlib.ticker matplotlib.figure matplotlib.axes matplotlib.cm
matplotlib.image matplotlib.colors matplotlib.patches matplotlib.lines matplotlib.rcsetup
tqdm tqdm.auto tqdm.std tqdm.notebook jaxtyping
"""
WHOLE = frozenset(_WHOLE.split())
PACKAGES = ("torch.nn.modules.", "torch.nn.utils.", "torch.distributions.")

PARTS: dict[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in {
        "os": "scandir walk listdir path fspath sep altsep pathsep linesep extsep curdir pardir "
        "PathLike DirEntry stat lstat makedirs mkdir rmdir remove unlink rename replace getcwd "
        "cpu_count name environ getenv access R_OK W_OK F_OK X_OK devnull getpid stat_result "
        "error fsencode fsdecode urandom fsync strerror chdir get_terminal_size uname"
        " terminal_size removedirs renames truncate supports_follow_symlinks",
        "sys": "maxsize version version_info stdout stderr float_info int_info hash_info intern "
        "getsizeof platform byteorder path argv exit maxunicode getrecursionlimit "
        "getfilesystemencoding getdefaultencoding implementation flags exc_info executable",
        "io": "BytesIO StringIO SEEK_SET SEEK_CUR SEEK_END DEFAULT_BUFFER_SIZE IOBase "
        "TextIOWrapper RawIOBase BufferedIOBase TextIOBase UnsupportedOperation",
        "shutil": "get_terminal_size copy copyfile copyfileobj copytree move rmtree",
        "tempfile": "TemporaryDirectory NamedTemporaryFile TemporaryFile mkdtemp gettempdir",
        "string": "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits "
        "punctuation printable whitespace capwords Template",
        "types": "SimpleNamespace MethodType NoneType MappingProxyType GeneratorType "
        "EllipsisType NotImplementedType UnionType GenericAlias FunctionType LambdaType "
        "BuiltinFunctionType ModuleType",
        "inspect": "signature isclass isfunction ismethod isgenerator isgeneratorfunction "
        "iscallable isbuiltin isroutine Parameter Signature",
        "warnings": "warn simplefilter filterwarnings catch_warnings resetwarnings",
        "unittest": "TestCase main skip skipIf skipUnless TestSuite",
        "doctest": "testmod",
        "traceback": "print_exc format_exc format_exception print_exception",
        "logging": "getLogger info debug warning error exception critical basicConfig INFO DEBUG "
        "WARNING ERROR CRITICAL Logger StreamHandler Formatter NullHandler",
    }.items()
}
WITHOUT: dict[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in {
        "typing": "get_type_hints ForwardRef evaluate_forward_ref",
        "functools": "WRAPPER_ASSIGNMENTS WRAPPER_UPDATES",
        "dataclasses": "make_dataclass",
        "enum": "global_enum",
        "jaxtyping": "install_import_hook set_array_name_format config print_bindings",
        "torch": "load save hub ops classes jit fx compile package library overrides testing "
        "multiprocessing distributed serialization storage from_file export vmap func futures "
        "set_default_dtype set_default_device set_default_tensor_type profiler onnx masked ao "
        "quantization sparse monitor ",
        "torch.utils": "cpp_extension hooks dlpack benchmark bottleneck",
        "numpy": "load memmap fromfile lib ctypeslib f2py testing save DataSource ndfromtxt",
        "time": "clock_settime clock_settime_ns",
        "timeit": "timeit repeat Timer main",
        "PIL.Image": "register_open register_save register_decoder register_encoder "
        "register_mime register_extension register_extensions ",
        "uuid": "getnode",
        "platform": "popen",
        "torch.nn.modules": "module",
        "torch.nn.modules.module": "register_module_buffer_registration_hook "
        "register_module_module_registration_hook register_module_parameter_registration_hook "
        "register_module_forward_pre_hook register_module_forward_hook "
        "register_module_backward_hook register_module_full_backward_pre_hook "
        "register_module_full_backward_hook",
    }.items()
}
WHOLE |= {"typing", "functools", "operator"}

_PLAIN: tuple[type, ...] = (int, float, complex, str, bytes, list, dict, set, tuple, object, range)
_HARMLESS = {name for kind in _PLAIN for name in dir(kind) if name[:2] == "__"}
DUNDERS = frozenset(_HARMLESS) - {
    *("__reduce__", "__reduce_ex__", "__subclasshook__", "__init_subclass__", "__dir__"),
    *("__getattribute__", "__class_getitem__"),
} | frozenset(
    """__name__ __qualname__ __dict__ __call__ __enter__ __exit__ __slots__ __set_name__ __index__
    __get__ __set__ __delete__ __del__ __copy__ __deepcopy__ __length_hint__ __version__ __fspath__
    __matmul__ __rmatmul__ __missing__ __post_init__ __all__ __aenter__ __aexit__ __await__
    __aiter__ __anext__ __next__ __contains__ __reversed__ __iter__ __bool__ __setstate__
    __getstate__ __bytes__ __file__""".split()
)
"""Special attributes that lead to nothing but the value itself."""
READ_ONLY = frozenset({"__module__", "__doc__", "__class__", "__func__"})
DEFINED = DUNDERS | {
    *("__getattr__", "__getattribute__", "__reduce__", "__reduce_ex__", "__init_subclass__"),
    *("__dir__", "__doc__", "__class_getitem__"),
}
"""Special methods that a class may define."""
EQUALITY = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})
NAMES = frozenset({"__name__", "__file__", "__doc__", "__all__", "__class__", "__debug__"})
FRAMES = frozenset(
    """gi_frame gi_code gi_yieldfrom cr_frame cr_code ag_frame ag_code tb_frame tb_next f_back
    f_globals f_locals f_builtins f_code f_trace co_code co_consts co_names func_globals
    _getframe settrace setprofile ctypes __array_interface__""".split()
)
PRIVATE = frozenset(
    """_order _defaults _asdict _replace _fields _field_defaults _make _version _grad _base
    _parameters _modules _buffers _forward_hooks _forward_pre_hooks _backward_hooks _getexif
    _backward_pre_hooks _non_persistent_buffers_set _get_name _apply _load_from_state_dict
    _save_to_state_dict _register_hook _param_groups _step_count _last_lr""".split()
)
"""Private names that an answer may use of objects which aren't its own."""
WAYS = frozenset({"attrgetter", "methodcaller", "wraps", "update_wrapper"})
"""What reaches attributes by their names: it must be called where it stands, to be read."""
TRICKS = frozenset(
    """exec eval compile __import__ globals breakpoint help copyright credits license
    __loader__ __spec__ __build_class__""".split()
)
"""Names of Python's own that no answer needs."""


def allows(name: str) -> bool:
    """Whether a module may be imported."""
    return name in WHOLE or name in PARTS or name.startswith(PACKAGES)


def allows_part(module: str, name: str) -> bool:
    """Whether a name may be taken from a module that may be imported."""
    if name in ("__version__", "__name__", "__doc__", "__file__"):
        return True
    if module in PARTS:
        return name in PARTS[module]
    if name in WITHOUT.get(module, ()):
        return False
    if module == "torch" and isinstance(
        getattr(sys.modules.get(module), name, 0), BuiltinFunctionType
    ):
        return True  # torch's own compiled functions, `_foreach_add_` among them
    return not name.startswith("_") or name[1:2].isupper()


def plain_builtins() -> dict[str, object]:
    """Python's own names without the tricks."""
    found = {k: v for k, v in vars(builtins).items() if k not in TRICKS}
    found["__build_class__"] = builtins.__build_class__
    return found


def is_foreign(value: object) -> bool:
    """Whether something is a module that may not be imported."""
    return isinstance(value, ModuleType) and not (
        allows(value.__name__) or value.__name__.partition(".")[0] == "katas"
    )
