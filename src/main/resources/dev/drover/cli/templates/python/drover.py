"""The contract between an agent and Drover: JSON in, JSON out, words on stderr, an exit code.

With DROVER_WARM in the environment one process serves many attempts, a line of JSON each.
"""

import json
import os
import sys
import traceback

_NAMES = {
    "run": "DROVER_RUN",
    "node": "DROVER_NODE",
    "number": "DROVER_ATTEMPT",
    "idempotencyKey": "DROVER_IDEMPOTENCY_KEY",
    "traceparent": "TRACEPARENT",
}


class Try(Exception):
    """A temporary failure: trying again later may help (exit code 75)."""


class BadInput(Exception):
    """The input can't be used; say which part, and what belongs there (exit code 65)."""


def serve(work):
    """Runs work(value, say, environment) for one attempt, or for one a line where it is kept warm."""
    # What prints to stdout by mistake must not spoil the output.
    output, sys.stdout = sys.stdout, sys.stderr
    if os.environ.get("DROVER_WARM"):
        for line in sys.stdin:
            order = json.loads(line)
            environment = {k: v for k, v in os.environ.items() if k not in _NAMES.values()}
            for member, name in _NAMES.items():
                if order["attempt"].get(member) is not None:
                    environment[name] = str(order["attempt"][member])
            code, result = _attempt(work, order["input"], environment)
            _write(output, {"output": result} if code == 0 else {"exit": code, "message": result})
    else:
        code, result = _attempt(work, json.load(sys.stdin), dict(os.environ))
        if code == 0:
            _write(output, result)
        sys.exit(code)


def _attempt(work, value, environment):
    try:
        return 0, work(value, say, environment)
    except Try as error:
        return 75, say(str(error))
    except BadInput as error:
        return 65, say(f"bad input: {error}")
    except Exception:  # whatever it is, the attempt has failed, and a warm process goes on
        say(traceback.format_exc())
        return 1, "the agent broke; its log has where"


def say(text):
    """Writes to the log."""
    print(text, file=sys.stderr, flush=True)
    return text


def _write(output, value):
    sys.stderr.flush()
    output.write(json.dumps(value, ensure_ascii=False) + "\n")
    output.flush()
