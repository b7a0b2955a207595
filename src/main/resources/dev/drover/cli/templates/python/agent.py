"""What the agent does. The contract with Drover is in drover.py."""

import os
import shutil

from drover import BadInput, Try, serve


def work(value: dict, say, environment: dict) -> dict:
    """Returns the output; say() writes a line of log."""
    path = value.get("path")
    if not isinstance(path, str):
        raise BadInput("path must be a text")
    say(f"looking at {path}, attempt {environment.get('DROVER_ATTEMPT', 0)}")
    if not os.path.exists(path):
        raise BadInput("path: there is no such folder")
    try:
        usage = shutil.disk_usage(path)
    except TimeoutError as error:
        raise Try("the file system does not answer") from error
    return {
        "usedPercent": round(100 * (usage.total - usage.free) / max(usage.total, 1)),
        "freeKiB": usage.free // 1024,
    }


if __name__ == "__main__":
    serve(work)
