"""The child process that embeds SWI-Prolog through pyswip.

Knows pyswip's ctypes layer: one predicate that takes a text and gives a text.  pyswip's query
objects are not used: they share one class-wide flag, lose quotes, and interpolate text.  Must
not know logic; it never sees a user's name (quote.py).
"""

from __future__ import annotations

from pathlib import Path

from neurosym.solvers.worker import Handler, Message, serve


def start() -> Handler:
    """Load SWI-Prolog and bridge.pl; return the handler of `{"text": ...}`."""
    import ctypes

    try:
        from pyswip import Prolog, core
    except ImportError as e:
        raise RuntimeError(
            f"SWI-Prolog cannot be embedded ({e}); install swi-prolog 9 or later and pyswip 0.3.3"
        ) from e

    Prolog.consult(str(Path(__file__).with_name("bridge.pl")))
    lib = core._lib
    lib.PL_call_predicate.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
    lib.PL_get_nchars.argtypes = [
        ctypes.c_size_t,
        ctypes.POINTER(ctypes.c_size_t),
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.c_uint,
    ]
    predicate = core.PL_predicate(b"request", 2, b"neurosym")

    def request(message: Message) -> Message:
        text = str(message["text"]).encode("ascii")
        frame = core.PL_open_foreign_frame()
        try:
            terms = core.PL_new_term_refs(2)
            core.PL_put_chars(terms, core.PL_STRING | core.REP_UTF8, len(text), text)
            if not lib.PL_call_predicate(
                None, core.PL_Q_NODEBUG | core.PL_Q_CATCH_EXCEPTION, predicate, terms
            ):
                raise RuntimeError("the request failed in Prolog")
            size, chars = ctypes.c_size_t(), ctypes.c_char_p()
            flags = core.CVT_STRING | core.BUF_DISCARDABLE | core.REP_UTF8
            if not lib.PL_get_nchars(terms + 1, ctypes.byref(size), ctypes.byref(chars), flags):
                raise RuntimeError("Prolog gave no text")
            return {"text": ctypes.string_at(chars, size.value).decode("utf-8")}
        finally:
            core.PL_discard_foreign_frame(frame)

    return request


if __name__ == "__main__":
    serve(start)
