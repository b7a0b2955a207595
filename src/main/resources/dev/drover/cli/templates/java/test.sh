#!/bin/sh
# Tries the agent without Drover: sh test.sh. DROVER_HOME is where Drover lies (the folder above agents, if it is not set).
set -eu
cd "$(dirname "$0")"
drover=${DROVER_HOME:-../..}
classpath=${DROVER_AGENTS_CLASSPATH:-$drover/target/drover-agents.jar:$drover/target/lib/*}
classes=$(mktemp -d)
trap 'rm -rf "${classes:?}"' EXIT
javac -proc:none -J-XX:TieredStopAtLevel=1 -d "$classes" -cp "$classpath" Agent.java AgentTest.java
java -XX:TieredStopAtLevel=1 -cp "$classes:$classpath" AgentTest
