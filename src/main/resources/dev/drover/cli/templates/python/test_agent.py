"""Tries the agent without Drover: python3 -B -m unittest"""

import json
import os
import subprocess
import sys
import unittest

from agent import work
from drover import BadInput

HERE = os.path.dirname(os.path.abspath(__file__))


def run(text, **variables):
    return subprocess.run(
        [sys.executable, "-B", os.path.join(HERE, "agent.py")],
        input=text,
        capture_output=True,
        text=True,
        timeout=20,
        env={**os.environ, **variables},
    )


class AgentTest(unittest.TestCase):
    def test_tells_how_full_the_file_system_is(self):
        output = work({"path": "/"}, lambda line: None, {})
        self.assertGreaterEqual(output["freeKiB"], 0)
        self.assertIn(output["usedPercent"], range(101))

    def test_refuses_what_is_no_text(self):
        with self.assertRaises(BadInput):
            work({"path": 7}, lambda line: None, {})

    def test_keeps_the_contract(self):
        done = run('{"path": "/"}')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("usedPercent", json.loads(done.stdout))
        self.assertEqual(run('{"path": 7}').returncode, 65)

    def test_serves_one_attempt_a_line_where_it_is_warm(self):
        line = '{"attempt": {"number": 3}, "input": {"path": %s}}\n'
        done = run(line % '"/"' + line % "7", DROVER_WARM="1")
        first, second = map(json.loads, done.stdout.splitlines())
        self.assertIn("freeKiB", first["output"])
        self.assertEqual(second["exit"], 65)
        self.assertIn("attempt 3", done.stderr)


if __name__ == "__main__":
    unittest.main()
