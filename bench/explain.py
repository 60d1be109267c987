#!/usr/bin/env python3
"""Prints, as a table in Markdown, what `coracle explain` counts for each program of bench/java: register code for stack
bytecode, over all methods with bytecode that were executed."""
import math
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "bench")
CORACLE = os.path.join(ROOT, "build", "coracle")


def sums(program):
    path = os.path.join(BUILD, program + ".tsv")
    subprocess.run([CORACLE, "explain", "--tsv", path, "-o", os.devnull, "-cp", BUILD, program], check=True, stdout=subprocess.DEVNULL)
    with open(path) as file:
        names, *rows = [line.rstrip("\n").split("\t") for line in file]
    rows = [dict(zip(names[1:], map(int, row[1:]))) for row in rows]
    return {name: sum(row[name] for row in rows if row["bytecode_size"] != 0) for name in names[1:]}


def ratios(of):
    """Instructions, operands read and written, bytes of the instructions executed, bytes of the methods' code."""
    return [of["register_instructions"] / of["stack_instructions"],
            of["register_reads"] / (of["stack_pops"] + of["stack_reads"]),
            of["register_writes"] / (of["stack_pushes"] + of["stack_writes"]),
            of["register_bytes"] / of["stack_bytes"], of["register_size"] / of["bytecode_size"]]


def main():
    sources = sorted(name for name in os.listdir(os.path.join(ROOT, "bench", "java")) if name.endswith(".java"))
    os.makedirs(BUILD, exist_ok=True)
    subprocess.run(["javac", "-nowarn", "-d", BUILD] + [os.path.join(ROOT, "bench", "java", name) for name in sources], check=True)
    print("| Program | bytecodes (millions) | register instructions | ratio | operands read | operands written | bytes executed | bytes of code |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    all_ratios = []
    for name in sources:
        of = sums(name[:-5])
        all_ratios.append(ratios(of))
        print(f"| {name[:-5]} | {of['stack_instructions'] / 1e6:.1f} | {of['register_instructions'] / 1e6:.1f} | "
              + " | ".join(f"{ratio:.2f}" for ratio in all_ratios[-1]) + " |", flush=True)
    means = [math.exp(sum(map(math.log, column)) / len(column)) for column in zip(*all_ratios)]
    print("| geometric mean | | | " + " | ".join(f"**{mean:.2f}**" for mean in means) + " |")


if __name__ == "__main__":
    main()
