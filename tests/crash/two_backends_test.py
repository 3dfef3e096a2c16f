#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Two backends on one PostgreSQL under load from several terminals, while an instance, the database and the holder of the
sequencer are killed, paused and cut off in turn. Afterwards everything is checked from outside, by SQL: every acknowledged record
is there exactly once and at the place that its receipt names, the log is dense, and every checkpoint that anybody saw is the
beginning of it. usage: two_backends_test.py <folder of programs>"""
import hashlib
import os
import signal
import sys
import time
import uuid

from two_backends import SEED, World, expect
from stranger import unb64, verify_set, wait_for

RECEIVED = "urn:freigabe:event:received"


def hurt(world):
    """Everything that can go away, one after the other, under load."""
    first, second = world.instances
    world.progress("the start")
    first.end(signal.SIGKILL)
    first.start()
    world.progress("an instance killed")
    world.database.kill()
    world.start_database()
    world.progress("the database killed")
    holder = world.holder()
    holder.end(signal.SIGKILL)
    world.progress("the holder of the sequencer killed")
    holder.start()
    # Paused for longer than its lease, perhaps within a transaction: replaced, and harmless when it comes back.
    wait_for(world.all_serve, "both instances", 30)
    holder = world.holder()
    other = first if holder is second else second
    holder.process.send_signal(signal.SIGSTOP)
    taken = other.said("lease_taken")
    wait_for(lambda: other.said("lease_taken") > taken, "another holder", 30)
    holder.process.send_signal(signal.SIGCONT)
    wait_for(lambda: holder.said("lease_lost"), "the old holder to notice", 30)
    wait_for(lambda: b"freigabe_leases_lost_total 1\n" in world.auditor.ask_at(holder.address, holder.port, "GET", "/metrics")[1],
             "an operator to see it", 30)
    world.progress("the holder paused and replaced")
    world.network.cable("second", "down")
    time.sleep(3)
    world.network.cable("second", "up")
    world.progress("the second instance cut off from everybody")
    world.network.cable("database", "down")
    time.sleep(3)
    world.network.cable("database", "up")
    world.progress("both instances cut off from the database")
    expect(first.end(signal.SIGTERM) == 0, "an instance that is told to stop ends by itself, with success")
    first.start()
    world.progress("an instance drained and started anew")


def root_of(leaves):
    """RFC 6962 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + root_of(leaves[:k]) + root_of(leaves[k:])).digest()


def judge(world):
    """All that the two of them left behind, read by somebody else."""
    log = world.sql("SELECT log_index, terminal::text, epoch, seq, leaf::text FROM log_entry ORDER BY log_index")
    size = int(world.sql("SELECT log_size FROM log_state")[0][0])
    expect([int(row[0]) for row in log] == list(range(size)), "the log is dense")
    places = {(uuid.UUID(hex=row[1][2:]), int(row[2]), int(row[3])): (int(row[0]), bytes.fromhex(row[4][2:])) for row in log}
    expect(len(places) == len(log), "every record has one place")
    stored = {(uuid.UUID(hex=row[0][2:]), int(row[1]), int(row[2])): bytes.fromhex(row[3][2:])
              for row in world.sql("SELECT terminal::text, epoch, seq, leaf::text FROM record")}
    expect({place: leaf for place, (_, leaf) in places.items()} == stored, "log and records are the same set")
    leaves = [bytes.fromhex(row[4][2:]) for row in log]
    receipts = 0
    for site in world.sites:
        chain = site.terminal.records
        expect(len(chain) == site.acknowledged and len(chain) > 0, "every terminal has got rid of everything")
        expect(sum(place[0] == uuid.UUID(site.terminal_id) for place in stored) == len(chain), "nothing twice, nothing else")
        named = set()
        for text in site.receipts:
            event = verify_set(text, world.pki / "receipts.jwk")["events"][RECEIVED]
            for record in event["records"]:
                index, leaf = places[(uuid.UUID(site.terminal_id), event["epoch"], record["seq"])]
                expect(record["log_index"] == index and unb64(record["leaf"]) == leaf == chain[record["seq"] - 1]["leaf"],
                       "a receipt names the leaf's place in the log")
                expect(index < event["log_size"] <= size, "and a size that covers it")
                named.add(record["seq"])
            receipts += 1
        expect(named == set(range(1, len(chain) + 1)), "every record has a receipt")
    sizes = sorted(set(world.checkpoints))
    for seen, root in sizes:
        expect(seen <= size and root_of(leaves[:seen]) == root, f"the checkpoint of size {seen} is the log's beginning")
    # The machinery finds what it looks for: a log that lost an entry has other roots.
    expect(any(root_of(leaves[1:seen + 1]) != root for seen, root in sizes if seen > 0), "a canary of the roots")
    tries = sum(site.tries for site in world.sites)
    statuses = {}
    for site in world.sites:
        for status, count in site.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    print(f"ok: {len(log)} records of {len(world.sites)} terminals, {receipts} receipts, {tries} requests {statuses}, "
          f"{len(sizes)} checkpoints", flush=True)


def main():
    if os.environ.get("FREIGABE_NETNS") != "1":
        # A network of its own; who may not have one is told, not spared.
        os.environ["FREIGABE_NETNS"] = "1"
        os.execvp("unshare", ["unshare", "--net", "--kill-child", sys.executable, *sys.argv])
    print(f"seed {SEED} (repeat with FREIGABE_SEED)", flush=True)
    world = World(sys.argv[1])
    try:
        world.start()
        for site in world.sites:
            site.start()
        hurt(world)
        world.patience = time.monotonic() + 30
        world.over.set()
        for site in world.sites:
            site.join(60)
            if site.failure:
                raise site.failure
            expect(not site.is_alive(), "a terminal that gets no answer")
        wait_for(world.all_serve, "both instances", 30)
        judge(world)
    except BaseException:
        for instance in world.instances:
            print(f"-- {instance.name}\n" + "\n".join(instance.log.read_text().splitlines()[-25:]), file=sys.stderr)
        raise
    finally:
        world.close()


if __name__ == "__main__":
    main()
