// SPDX-License-Identifier: EUPL-1.2
// Puts records into a backend's log for the test of the auditor's tool: chained, signed, ingested
// and sequenced for real, by a new terminal each time.
//   log_filler <database> <records>
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"
#include "tests/unit/sync/backend/world.hpp"

namespace {

int fill(const char* database, std::uint64_t records) {
    auto store = backend::SqliteStore::open(database);
    if (!store) return 1;
    const auto head = backend::read_log_head(**store);
    if (!head) return 1;
    const auto number = static_cast<std::uint8_t>(head->size % 251 + 1);
    test::SeededRandom random{number};
    test::Terminal terminal{number, random};
    test::enrol(**store, terminal);
    for (std::uint64_t i = 0; i < records; ++i) terminal.append(test::grant(number));
    for (std::uint64_t from = 1; from <= records; from += 50) {
        const auto to = std::min(from + 49, records);
        if (!backend::ingest_batch(**store, terminal.id, terminal.batch(from, to))) return 1;
    }
    return backend::sequence(**store) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    return fill(argv[1], std::strtoull(argv[2], nullptr, 10));
}
