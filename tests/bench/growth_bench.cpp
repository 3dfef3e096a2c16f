// SPDX-License-Identifier: EUPL-1.2
// Whether the backend takes records in slower when much is stored: batches of fresh people, and
// batches of withdrawals that end what is stored, to the signed receipt, beside the same in an
// empty database. In turns, so that a busy machine slows both. On SQLite, and on PostgreSQL if
// postgresql.py started a server. JSON lines on standard output, see table.py.
// Usage: growth_bench [--folder DIR] [millions]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "drivers/base/check.hpp"
#include "sync/backend/store/postgres/postgres_store.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"
#include "tests/bench/ingest_line.hpp"
#include "tests/bench/stored_events.hpp"
#include "tests/unit/sync/backend/schema_pool.hpp"

namespace {

using bench::batch_records;
using bench::Line;
using bench::Spent;
using bench::StoredEvents;

constexpr std::size_t batches = 200;
constexpr std::size_t withdrawal_batches = 40;
// In a large database each entry of an index lies on a page of its own, which is read, written to
// the log and copied into the file: a record's cost grows until that is so, and then hardly more.
// Measured with a million: 1.7 in processor time. Wall time depends on the disk, so it is only
// said.
constexpr double cpu_ratio_max = 3.0;

constexpr std::string_view postgresql = "PostgreSQL";
struct Engine {
    const char* name;
    std::uint64_t millions;
};

void print(const Engine& engine, const char* what, const std::vector<Spent>& full,
           const std::vector<Spent>& empty) {
    const auto row = [&](const char* unit, double Spent::*spent, double ratio_max) {
        const double value = bench::median(full, spent) * 1e6 / static_cast<double>(batch_records);
        const double reference =
            bench::median(empty, spent) * 1e6 / static_cast<double>(batch_records);
        const double ratio = value / reference;
        std::printf(
            "{\"name\":\"backend: %s, %s, %llu M stored\",\"value\":%.1f,\"unit\":\"%s\","
            "\"reference\":\"nothing stored\",\"reference_value\":%.1f,\"ratio\":%.3f",
            engine.name, what, static_cast<unsigned long long>(engine.millions), value, unit,
            reference, ratio);
        if (ratio_max > 0) std::printf(",\"budget\":\"<= %.1f x\"", ratio_max);
        std::printf(",\"ok\":%s}\n", ratio_max == 0 || ratio <= ratio_max ? "true" : "false");
        std::fflush(stdout);
    };
    row("us a record", &Spent::wall_s, 0);
    row("us of CPU a record", &Spent::cpu_s, cpu_ratio_max);
}

/// Three releases of a person as stored ones are, for the side where nothing is.
std::vector<test::Draft> releases_of(const StoredEvents& stored, std::uint64_t first) {
    std::vector<test::Draft> drafts;
    for (std::uint64_t i = 0; i < batch_records; ++i) {
        test::Draft draft = bench::draft_of(900'000'000 + 3 * (first + i));
        CHECK(draft.kind == model::Kind::grant);
        draft.scopes.tag_s = stored.living_subject((first + i) / 3);
        drafts.push_back(std::move(draft));
    }
    return drafts;
}

std::vector<test::Draft> withdrawals_of(const StoredEvents& stored, std::uint64_t first) {
    std::vector<test::Draft> drafts;
    for (std::uint64_t i = 0; i < batch_records; ++i) {
        test::Draft draft = bench::draft_of(800'000'000 + 3 * (first + i) + 2);
        draft.scopes.tag_s = stored.living_subject(first + i);
        draft.kind = model::Kind::withdrawal;
        draft.scopes.parts.clear();
        draft.scopes.targets = {{model::TargetKind::subject, draft.scopes.tag_s}};
        drafts.push_back(std::move(draft));
    }
    return drafts;
}

/// The process of the server behind a store, whose time counts, too; 0 = it has none.
std::int64_t session_of(const Engine& engine, backend::Store& store) {
    static constexpr backend::Statement own_session{"SELECT pg_backend_pid()"};
    if (engine.name != postgresql) return 0;
    return store.run(own_session, {})->at(0).number(0);
}

void measure(const Engine& engine, const StoredEvents& stored, backend::Store& full_store,
             backend::Store& empty_store) {
    Line full(full_store, session_of(engine, full_store));
    Line empty(empty_store, session_of(engine, empty_store));
    const auto forget = [&] {
        full.forget_times();
        empty.forget_times();
    };
    for (std::size_t i = 0; i < batches; ++i) {
        full.next();
        empty.next();
        if (i == 5) forget();  // statements are prepared and planned
    }
    print(engine, "ingest", full.ingest_times(), empty.ingest_times());
    print(engine, "to signed receipt", full.receipt_times(), empty.receipt_times());
    for (std::size_t i = 0; i < 3 * withdrawal_batches; ++i) {
        empty.next(releases_of(stored, i * batch_records));
    }
    forget();
    for (std::size_t i = 0; i < withdrawal_batches; ++i) {
        const auto drafts = withdrawals_of(stored, i * batch_records);
        full.next(drafts);
        empty.next(drafts);
    }
    print(engine, "withdrawals of six stored parts", full.receipt_times(), empty.receipt_times());
}

/// Whoever fills does without what makes a database durable, so it is opened anew to be measured.
void on_sqlite(const std::string& folder, std::uint64_t millions, const StoredEvents& stored) {
    const auto open = [&](const char* name) {
        auto store = backend::SqliteStore::open(folder + name);
        CHECK(store.has_value());
        return std::move(*store);
    };
    stored.fill(*open("/full.db"), false);
    measure({"SQLite", millions}, stored, *open("/full.db"), *open("/empty.db"));
}

void on_postgresql(std::uint64_t millions, const StoredEvents& stored) {
    const auto open = [](const std::string& url) {
        auto store = backend::PostgresStore::open(url);
        CHECK(store.has_value());
        return std::move(*store);
    };
    const std::string full_url = test::new_schema_url();
    stored.fill(*open(full_url), true);
    measure({postgresql.data(), millions}, stored, *open(full_url), *open(test::new_schema_url()));
}

}  // namespace

int main(int argc, char** argv) {
    std::string parent = std::filesystem::temp_directory_path();
    std::uint64_t millions = 1;
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]) == "--folder" && i + 1 < argc) {
            parent = argv[++i];
        } else {
            millions = std::strtoul(argv[i], nullptr, 10);
        }
    }
    if (millions < 1 || millions > 100) {
        std::fputs("usage: growth_bench [--folder DIR] [millions, 1 to 100]\n", stderr);
        return EXIT_FAILURE;
    }
    // All events of eight people are 24.
    const StoredEvents stored(millions * 1'000'000 / 24 * 24);
    CHECK(stored.living_people() >= withdrawal_batches * batch_records);
    std::string folder = parent + "/growth_bench.XXXXXX";
    CHECK(::mkdtemp(folder.data()) != nullptr);
    on_sqlite(folder, millions, stored);
    std::filesystem::remove_all(folder);
    if (test::on_postgresql()) on_postgresql(millions, stored);
    return EXIT_SUCCESS;
}
