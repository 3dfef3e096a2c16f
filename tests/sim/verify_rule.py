#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Has spin search every state of protective_rule.pml: each configuration below to its end, without an error; and each mutant
until it is refuted by the assertion that is there for it. A model that no mutant offends proves nothing.

usage: verify_rule.py rule|deep|mutants --work DIR [--only NAME]      needs spin and gcc; writes to DIR only.
Prints one line a run; its seconds are the processor's. Repeat a refuted run: cd DIR/NAME && spin -t -p -g (the -D of its line) .../protective_rule.pml
"""
import argparse
import pathlib
import re
import resource
import subprocess
import sys

MODEL = pathlib.Path(__file__).resolve().parent / "protective_rule.pml"
DEPTH_MAX = 10_000
MEMORY_MB_MAX = 1_900
STATES_MIN = 10_000
COMPILE = ["gcc", "-w", "-DSAFETY", "-DNOFAIR", "-DNOREDUCE", f"-DMEMLIM={MEMORY_MB_MAX}", "-o", "pan", "pan.c"]

# Name, events at terminal A, at terminal B, at A's copy, what occurs.
CONFIGURATIONS = {
    "targets": (2, 1, 0, "GRANTS WITHDRAWALS SELECTORS=2"),                  # by id, and three selectors
    "withdrawals": (2, 2, 0, "GRANTS WITHDRAWALS"),
    "provisional": (2, 2, 0, "GRANTS WITHDRAWALS PROVISIONALS"),
    "objections": (2, 2, 0, "GRANTS OBJECTIONS"),
    "three": (3, 1, 0, "GRANTS WITHDRAWALS"),
    "epochs": (3, 1, 0, "GRANTS WITHDRAWALS EPOCHS_CHANGE"),
    "epochs_objections": (2, 1, 0, "OBJECTIONS EPOCHS_CHANGE"),
    "copies": (1, 1, 2, "GRANTS WITHDRAWALS"),
    "copies_objections": (1, 1, 2, "OBJECTIONS"),
    "copies_epochs": (2, 0, 1, "GRANTS WITHDRAWALS EPOCHS_CHANGE"),
    "liar": (1, 2, 0, "GRANTS WITHDRAWALS OBJECTIONS LIAR"),                 # B claims sizes that nobody signed
}

# Too long for every day: a few minutes each, below 1 GB.
DEEP = {
    "targets_two": (2, 2, 0, "GRANTS WITHDRAWALS SELECTORS=2"),
    "three_two": (3, 2, 0, "GRANTS WITHDRAWALS"),
}

# Name of the mutant (-D M_...): the configuration and the assertion that must refute it.
MUTANTS = {
    # A grant that arrives later lives.
    "LAST_WRITER_WINS": ("withdrawals", "i8_alive_means_all_before"),
    # log_index <= observed.
    "INDEX_OFF_BY_ONE": ("withdrawals", "i10_steps_are_the_rule"),
    # The second copy of an event acts like a new one, or gets an index of its own.
    "CHAIN_ENTRY_STRIKES_AGAIN": ("withdrawals", "i10_the_set_decides"),
    "CHAIN_ENTRY_INDEXED_AGAIN": ("withdrawals", "i4_one_entry_an_event"),
    # A terminal's observed is a size that it has not verified; the backend takes it as it is claimed.
    "TERMINAL_GUESSES": ("withdrawals", "i8_alive_means_all_before"),
    "CLAIM_BELIEVED": ("liar", "i9_observed_was_a_size"),
    "PROVISIONAL_ENDS": ("provisional", "provisional_only_suspends"),
    "PROVISIONAL_LAPSES": ("provisional", "i8_alive_means_all_before"),
    # Without having been seen by what ends it.
    "OBJECTION_ENDS_BY_ARRIVAL": ("objections", "i10_the_set_decides"),
    # Whatever head the new epoch names; and: it is sent before the old one has its receipts.
    "EPOCH_CONTINUES_ANYWAY": ("epochs", "i8_alive_means_all_before"),
    "EPOCH_OVERTAKES": ("epochs", "i10_the_set_decides"),
    # A clone's grants are accepted; its withdrawals are not; its advance copy stays on the chain that contradicts it.
    "COPY_GRANTS_COUNT": ("copies", "i6_a_copy_only_protects"),
    "QUARANTINE_DROPS": ("copies", "i8_no_protection_is_lost"),
    "COPY_KEEPS_PLACE": ("copies", "i8_alive_means_all_before"),
    # README.md, "What it found".
    "SECOND_ARRIVAL_FAILS": ("copies", "i7_no_record_blocks_others"),
    "QUARANTINED_NEVER_ON_CHAIN": ("copies", "i10_the_set_decides"),
    "QUARANTINE_HIDES_PLACE": ("copies_objections", "i10_the_set_decides"),
}


def defines(name, *more):
    at_a, at_b, at_copy, words = (CONFIGURATIONS | DEEP)[name]
    return [f"-D{word}" for word in (f"NA={at_a}", f"NB={at_b}", f"NC={at_copy}", *words.split(), *more)]


def search(folder, options, optimise):
    """Generates, compiles and runs one verifier. returns  (what it printed, processor seconds of the search)."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.trail"):
        old.unlink()
    for command in (["spin", "-a", *options, str(MODEL)], [COMPILE[0], optimise, *COMPILE[1:]]):
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"{' '.join(command)}\n{run.stdout}{run.stderr}")
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    run = subprocess.run(["./pan", f"-m{DEPTH_MAX}", "-b", "-w22"], cwd=folder, capture_output=True, text=True)
    return run.stdout + run.stderr, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - started


def figure(pattern, printed):
    match = re.search(pattern, printed)
    return float(match.group(1)) if match else 0.0


def verify(name, work):
    """Searched to the end, and no error. Everything that spin says about an end before the end counts as a failure."""
    printed, seconds = search(work / name, defines(name), "-O2")
    states = int(figure(r"(\d+) states, stored", printed))
    depth = int(figure(r"depth reached (\d+)", printed))
    megabytes = figure(r"([\d.]+)\s+total actual memory usage", printed)
    print(f"{name:18} {states:9} states  depth {depth:3}  {seconds:6.1f} s  {megabytes:6.0f} MB  {' '.join(defines(name))}",
          flush=True)
    complete = ("Full statespace search for" in printed and re.search(r"errors: 0\b", printed)
                and not re.search(r"not completed|depth too small|depth limit|out of memory|memory limit|truncated|Bit statespace",
                                  printed))
    if complete and states >= STATES_MIN:
        return True
    print(printed)
    return False


def refute(mutant, work):
    """Its assertion must fail; to run out of depth or memory is not to be refuted."""
    name, expected = MUTANTS[mutant]
    options = defines(name, "M_" + mutant)
    printed, seconds = search(work / f"m_{mutant.lower()}", options, "-O0")
    match = re.search(r"assertion violated (\w+)", printed)
    found = match.group(1) if match else "nothing"
    verdict = f"refuted by {found}" if found == expected else f"NOT REFUTED by {expected}, but {found}"
    print(f"{mutant:26} {verdict:40} {seconds:5.1f} s  {' '.join(options)}", flush=True)
    if found != expected:
        print(printed)
    return found == expected


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("rule", "deep", "mutants"))
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--only")
    options = parser.parse_args()
    tables = {"rule": (CONFIGURATIONS, verify), "deep": (DEEP, verify), "mutants": (MUTANTS, refute)}
    table, judge = tables[options.what]
    good = [judge(name, options.work) for name in table if options.only in (None, name)]
    print(f"{sum(good)} of {len(good)} as they must be")
    sys.exit(0 if good and all(good) else 1)


if __name__ == "__main__":
    main()
