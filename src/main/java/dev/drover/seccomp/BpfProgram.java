package dev.drover.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Assembles classic BPF over {@code struct seccomp_data}. Every rule ends in a return, so that the
 * number of the system call, loaded once, is still there for the next.
 */
final class BpfProgram {
  static final int ALLOW = 0x7fff0000;
  static final int KILL_PROCESS = 0x80000000;

  private static final int LOAD = 0x20;
  private static final int JUMP_EQUAL = 0x15;
  private static final int JUMP_AT_LEAST = 0x35;
  private static final int JUMP_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;
  private static final int ERRNO = 0x00050000;

  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int ARGUMENTS = 16;

  private final List<Instruction> instructions = new ArrayList<>();

  private record Instruction(int code, int ifTrue, int ifFalse, int k) {}

  static int errno(int errno) {
    return ERRNO | errno;
  }

  /** Another architecture has other numbers: what is written for one must not be read by it. */
  BpfProgram onlyOn(int architecture) {
    add(LOAD, 0, 0, ARCHITECTURE);
    add(JUMP_EQUAL, 1, 0, architecture);
    add(RETURN, 0, 0, KILL_PROCESS);
    return add(LOAD, 0, 0, NUMBER);
  }

  BpfProgram from(int number, int action) {
    add(JUMP_AT_LEAST, 0, 1, number);
    return add(RETURN, 0, 0, action);
  }

  BpfProgram on(int number, int action) {
    add(JUMP_EQUAL, 0, 1, number);
    return add(RETURN, 0, 0, action);
  }

  /** Acts where the argument has one of these bits, and allows the call where it has none. */
  BpfProgram onBits(int number, int argument, int bits, int action) {
    add(JUMP_EQUAL, 0, 4, number);
    loadArgument(argument);
    add(JUMP_ANY_BIT, 0, 1, bits);
    add(RETURN, 0, 0, action);
    return add(RETURN, 0, 0, ALLOW);
  }

  /** The same, but the other argument counts only where this one has one of those bits. */
  BpfProgram onBitsIf(int number, int condition, int conditionBits, int argument, int bits) {
    add(JUMP_EQUAL, 0, 6, number);
    loadArgument(condition);
    add(JUMP_ANY_BIT, 0, 3, conditionBits);
    loadArgument(argument);
    add(JUMP_ANY_BIT, 0, 1, bits);
    add(RETURN, 0, 0, errno(Errno.EPERM));
    return add(RETURN, 0, 0, ALLOW);
  }

  /** Acts where the argument is one of these, and allows the call where it is not. */
  BpfProgram onValues(int number, int argument, List<Integer> values, int action) {
    return choose(number, argument, values, action, ALLOW);
  }

  /** Allows the call where the argument is one of these, and acts where it is not. */
  BpfProgram exceptValues(int number, int argument, List<Integer> values, int action) {
    return choose(number, argument, values, ALLOW, action);
  }

  private BpfProgram choose(
      int number, int argument, List<Integer> values, int ifAmong, int otherwise) {
    int count = values.size();
    add(JUMP_EQUAL, 0, count + 3, number);
    loadArgument(argument);
    for (int i = 0; i < count; i++) {
      add(JUMP_EQUAL, count - i, 0, values.get(i));
    }
    add(RETURN, 0, 0, otherwise);
    return add(RETURN, 0, 0, ifAmong);
  }

  /** The low half: on these little-endian machines it comes first. */
  private void loadArgument(int argument) {
    add(LOAD, 0, 0, ARGUMENTS + 8 * argument);
  }

  /** The program, for which everything else is allowed. */
  byte[] bytes() {
    add(RETURN, 0, 0, ALLOW);
    ByteBuffer bytes = ByteBuffer.allocate(instructions.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (Instruction i : instructions) {
      bytes.putShort((short) i.code).put((byte) i.ifTrue).put((byte) i.ifFalse).putInt(i.k);
    }
    return bytes.array();
  }

  private BpfProgram add(int code, int ifTrue, int ifFalse, int k) {
    instructions.add(new Instruction(code, ifTrue, ifFalse, k));
    return this;
  }
}
