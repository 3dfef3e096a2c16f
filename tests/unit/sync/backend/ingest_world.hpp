// SPDX-License-Identifier: EUPL-1.2
// One terminal before an empty database: what it sends is taken in and gets its place in the log.
#pragma once

#include <doctest/doctest.h>

#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "tests/unit/sync/backend/world.hpp"

namespace test {

struct IngestWorld {
    SeededRandom random{7};
    std::unique_ptr<backend::Store> store = memory_store();
    Terminal a{1, random};

    IngestWorld() { enrol(*store, a); }
    backend::BatchOutcome take_body(const Terminal& terminal, const std::string& body) {
        auto outcome = backend::ingest_batch(*store, terminal.id, body);
        REQUIRE(outcome.has_value());
        REQUIRE(backend::sequence(*store).has_value());
        return *outcome;
    }
    backend::BatchOutcome take(Terminal& terminal, std::uint64_t from, std::uint64_t to) {
        return take_body(terminal, terminal.batch(from, to));
    }
    backend::AdvanceOutcome take_advance(Terminal& terminal, std::uint64_t seq) {
        auto outcome = backend::ingest_advance(*store, terminal.id, terminal.advance({seq}));
        REQUIRE(outcome.has_value());
        REQUIRE(backend::sequence(*store).has_value());
        return *outcome;
    }
    std::uint64_t log_size() {
        const auto head = backend::read_log_head(*store);
        REQUIRE(head.has_value());
        return head->size;
    }
};

}  // namespace test
