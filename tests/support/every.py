"""One test of many small cases: each test takes pytest some milliseconds, even if it checks almost nothing."""

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import pytest

Test = Callable[..., None]


def every(name: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Test], Test]:
    """Make one test of all cases; it lists the failures of all of them.

    Write it directly above the function, like ``pytest.mark.parametrize``. All cases share the fixtures, so use it only
    for tests that change no fixture. It saves time for tests that take only some milliseconds.
    """
    names = (name,) if isinstance(name, str) else name
    given = [(case,) if isinstance(name, str) else case for case in cases]

    def decorated(test: Test) -> Test:
        signature = inspect.signature(test)

        @wraps(test)
        def whole(**fixtures: Any) -> None:
            failed = []
            for case in given:
                try:
                    test(**fixtures, **dict(zip(names, case, strict=True)))
                except Exception as error:  # a case can fail with any error, and the others still run
                    found = pytest.ExceptionInfo.from_exception(error)
                    failed.append(f"{', '.join(map(str, case))}: {found.getrepr(style='short')}")
            assert given, "there is no case"
            if failed:
                pytest.fail("\n\n".join([f"{len(failed)} of {len(given)} cases fail", *failed]), pytrace=False)

        rest = [value for key, value in signature.parameters.items() if key not in names]
        whole.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]  # pytest reads it
        return whole

    return decorated
