// SPDX-License-Identifier: EUPL-1.2
// How fast the backend takes records in. On SQLite against bare inserts of the same rows into the
// same tables of another file, one transaction a batch; on PostgreSQL (if postgresql.py started a
// server) against COPY of the same rows into the same tables of another schema. Both run
// alternately, batch by batch, so that a busy machine slows both. JSON lines on standard output,
// see table.py. Usage: ingest_bench [batches]
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "drivers/base/check.hpp"
#include "sync/backend/store/postgres/postgres_store.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"
#include "tests/bench/copy_target.hpp"
#include "tests/bench/ingest_line.hpp"
#include "tests/unit/sync/backend/schema_pool.hpp"
#include "tests/unit/sync/backend/world.hpp"

namespace {

using backend::Statement;
using bench::batch_records;
using bench::Line;
using bench::median;
using bench::Spent;
using bench::Stopwatch;

// A head of 50 records is verified, each record parsed and hashed: twice the inserts; a third is
// slack.
constexpr double cpu_ratio_max = 3.0;
// The rows alone are the floor; what ingest knows and checks besides may cost two thirds as much
// again.
constexpr double ratio_min = 0.6;

/// The rows that a batch leaves, and the bare insert of each.
struct Table {
    const char* name;
    Statement read;  ///< by terminal, first and last seq
    Statement add;
    std::size_t columns;
};
constexpr std::array<Table, 5> tables{{
    {"record",
     {"SELECT terminal, epoch, seq, leaf, header, scopes, jwe FROM record"
      " WHERE terminal = $1 AND epoch = 1 AND seq >= $2 AND seq <= $3"},
     {"INSERT INTO record VALUES ($1, $2, $3, $4, $5, $6, $7)"},
     7},
    {"part",
     {"SELECT leaf, part_no, terminal, epoch, seq, kind, declaration, tag_s, tag_sr, tag_er, "
      "observed,"
      " slip_hash, wall_ms, state FROM part WHERE terminal = $1 AND seq >= $2 AND seq <= $3"},
     {"INSERT INTO part VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"},
     14},
    {"act",
     {"SELECT leaf, target_no, terminal, epoch, seq, on_chain, kind, declaration, target_kind, "
      "tag, tag_s,"
      " slip_hash, observed, wall_ms FROM act WHERE terminal = $1 AND seq >= $2 AND seq <= $3"},
     {"INSERT INTO act VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"},
     14},
    {"effect",
     {"SELECT part_leaf, part_no, act_leaf, strength FROM effect WHERE act_leaf IN (SELECT leaf "
      "FROM act"
      " WHERE terminal = $1 AND seq >= $2 AND seq <= $3)"},
     {"INSERT INTO effect VALUES ($1, $2, $3, $4)"},
     4},
    {"scope_state",
     {"SELECT tag, parts, acts FROM scope_state WHERE tag IN (SELECT declaration FROM part WHERE"
      " terminal = $1 AND seq >= $2 AND seq <= $3 UNION SELECT tag_s FROM part WHERE terminal = $1"
      " AND seq >= $2 AND seq <= $3 UNION SELECT tag_sr FROM part WHERE terminal = $1 AND seq >= $2"
      " AND seq <= $3 UNION SELECT tag_er FROM part WHERE terminal = $1 AND seq >= $2 AND seq <= "
      "$3)"},
     {"INSERT INTO scope_state VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"},
     3},
}};

backend::Param param_of(const backend::Value& value) {
    return std::visit([](const auto& inner) { return backend::Param(inner); }, value);
}

/// The rows that a batch has left, table by table.
std::vector<backend::Rows> rows_of(backend::Store& from, const base::Uuid& terminal,
                                   std::uint64_t first, std::uint64_t last) {
    std::vector<backend::Rows> rows;
    for (const Table& table : tables) {
        auto read = from.run(table.read, {terminal.get(), static_cast<std::int64_t>(first),
                                          static_cast<std::int64_t>(last)});
        CHECK(read.has_value());
        rows.push_back(std::move(*read));
    }
    return rows;
}

/// Those of the last batches, each by itself.
std::vector<std::vector<backend::Rows>> left_by(const Line& line, std::size_t batches) {
    std::vector<std::vector<backend::Rows>> all;
    for (std::size_t i = batches; i > 0; --i) {
        const std::uint64_t last = line.last() - (i - 1) * batch_records;
        all.push_back(rows_of(line.store(), line.id(), last - batch_records + 1, last));
    }
    return all;
}

/// Inserts them one by one, in one transaction; only that is timed.
Spent insert_rows(backend::Store& into, const std::vector<backend::Rows>& rows) {
    std::vector<std::vector<backend::Param>> params;
    for (const backend::Rows& table : rows) {
        auto& out = params.emplace_back();
        for (const backend::Row& row : table) {
            for (const backend::Value& value : row.values()) out.push_back(param_of(value));
        }
    }
    const Stopwatch watch;
    CHECK(into.begin().has_value());
    for (std::size_t i = 0; i < tables.size(); ++i) {
        CHECK(into.run_many(tables[i].add, params[i], tables[i].columns).has_value());
    }
    CHECK(into.commit().has_value());
    return watch.spent();
}

/// Inserts them with COPY, in one transaction; only that is timed.
Spent copy_rows(bench::CopyTarget& into, std::vector<backend::Rows> rows,
                std::set<base::Bytes>& scopes) {
    // A scope that an earlier batch had, too, stands there already.
    std::erase_if(rows.back(),
                  [&](const backend::Row& row) { return !scopes.insert(row.bytes(0)).second; });
    std::vector<std::string> contents;
    for (const backend::Rows& table : rows) contents.push_back(bench::CopyTarget::encode(table));
    const Stopwatch watch(into.session());
    into.begin();
    for (std::size_t i = 0; i < tables.size(); ++i) into.copy(tables[i].name, contents[i]);
    into.commit();
    return watch.spent();
}

double rate(const std::vector<Spent>& all) {
    return static_cast<double>(batch_records) / median(all, &Spent::wall_s);
}
double record_us(const std::vector<Spent>& all) {
    return median(all, &Spent::cpu_s) * 1e6 / static_cast<double>(batch_records);
}

struct Budget {
    double ratio_max = 0;  ///< 0 = none
    double ratio_min = 0;
};

void print(const char* name, double value, const char* unit, const char* reference,
           double reference_value, const Budget& budget) {
    const double ratio = value / reference_value;
    const bool ok =
        (budget.ratio_max == 0 || ratio <= budget.ratio_max) && ratio >= budget.ratio_min;
    std::printf(
        "{\"name\":\"%s\",\"value\":%.0f,\"unit\":\"%s\",\"reference\":\"%s\","
        "\"reference_value\":%.0f,\"ratio\":%.3f",
        name, value, unit, reference, reference_value, ratio);
    if (budget.ratio_max > 0) std::printf(",\"budget\":\"<= %.1f x\"", budget.ratio_max);
    if (budget.ratio_min > 0) std::printf(",\"budget\":\">= %.1f x\"", budget.ratio_min);
    std::printf(",\"ok\":%s}\n", ok ? "true" : "false");
}

void measure_sqlite(const std::string& folder, std::size_t batches) {
    auto ours = backend::SqliteStore::open(folder + "/ingest.db");
    auto bare = backend::SqliteStore::open(folder + "/bare.db");
    CHECK(ours.has_value());
    CHECK(bare.has_value());
    Line line(**ours);
    std::vector<Spent> plain;
    for (std::size_t i = 0; i < batches; ++i) {
        line.next();
        plain.push_back(insert_rows(**bare, left_by(line, 1).front()));
    }
    const char* peer = "bare SQLite inserts of the same rows";
    print("backend: ingest, head verified", rate(line.ingest_times()), "records/s", peer,
          rate(plain), {0, ratio_min});
    print("backend: ingest to signed receipt", rate(line.receipt_times()), "records/s", peer,
          rate(plain), {});
    print("backend: CPU of a record, ingest", record_us(line.ingest_times()), "us", peer,
          record_us(plain), {cpu_ratio_max, 0});
}

void measure_postgresql(std::size_t batches) {
    const std::string own_url = test::new_schema_url();
    const std::string bare_url = test::new_schema_url();
    auto ours = backend::PostgresStore::open(own_url);
    CHECK(ours.has_value());
    CHECK(backend::PostgresStore::open(bare_url).has_value());  // makes the tables
    bench::CopyTarget bare(bare_url);
    static constexpr Statement own_session{"SELECT pg_backend_pid()"};
    Line line(**ours, (*ours)->run(own_session, {})->at(0).number(0));
    std::vector<Spent> plain;
    std::set<base::Bytes> scopes;
    for (std::size_t i = 0; i < batches; ++i) {
        line.next();
        plain.push_back(copy_rows(bare, left_by(line, 1).front(), scopes));
    }
    const char* peer = "PostgreSQL COPY of the same rows";
    print("backend: ingest on PostgreSQL, one session", rate(line.ingest_times()), "records/s",
          peer, rate(plain), {});
    print("backend: ingest on PostgreSQL to signed receipt", rate(line.receipt_times()),
          "records/s", peer, rate(plain), {});
    print("backend: CPU of a record, ingest and PostgreSQL", record_us(line.ingest_times()), "us",
          peer, record_us(plain), {});
}

/// As in service: an instance has one session and one thread that verifies, so several take in at
/// once. COPY of the same rows has one session, as a loader has.
void measure_instances(std::size_t rounds) {
    constexpr std::size_t instances = 2;
    constexpr std::size_t batches = 4;  // of an instance in a round
    const std::string own_url = test::new_schema_url();
    const std::string bare_url = test::new_schema_url();
    std::vector<std::unique_ptr<backend::PostgresStore>> stores;
    std::vector<std::unique_ptr<Line>> lines;
    for (std::size_t i = 0; i < instances; ++i) {
        auto store = backend::PostgresStore::open(own_url);
        CHECK(store.has_value());
        stores.push_back(std::move(*store));
        lines.push_back(
            std::make_unique<Line>(*stores.back(), 0, static_cast<std::uint8_t>(i + 1)));
    }
    CHECK(backend::PostgresStore::open(bare_url).has_value());  // makes the tables
    bench::CopyTarget bare(bare_url);
    std::set<base::Bytes> scopes;
    std::vector<Spent> ours;
    std::vector<Spent> plain;
    for (std::size_t round = 0; round < rounds; ++round) {
        for (const auto& line : lines) line->prepare(batches);
        const Stopwatch watch;
        {
            std::vector<std::jthread> threads;
            for (const auto& line : lines) threads.emplace_back([&line] { line->ingest(); });
        }
        Spent spent = watch.spent();
        spent.wall_s /= instances * batches;
        ours.push_back(spent);
        for (const auto& line : lines) {
            for (auto& rows : left_by(*line, batches)) {
                plain.push_back(copy_rows(bare, std::move(rows), scopes));
            }
        }
    }
    print("backend: ingest on PostgreSQL, head verified, two instances", rate(ours), "records/s",
          "PostgreSQL COPY of the same rows", rate(plain), {0, ratio_min});
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t batches = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100;
    std::string folder = std::filesystem::temp_directory_path() / "ingest_bench.XXXXXX";
    CHECK(::mkdtemp(folder.data()) != nullptr);
    measure_sqlite(folder, batches);
    std::filesystem::remove_all(folder);
    if (test::on_postgresql()) {
        measure_postgresql(batches);
        measure_instances(std::max<std::size_t>(batches / 8, 5));
    }
    return 0;
}
