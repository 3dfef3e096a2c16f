// SPDX-License-Identifier: EUPL-1.2
// How fast the backend takes records in, against bare inserts of the same rows into the same tables
// of another file, one transaction a batch. Both run alternately, batch by batch, so that a busy
// machine slows both. JSON lines on standard output, see table.py. Usage: ingest_bench [batches]
#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "drivers/base/check.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/log/receipts.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"
#include "tests/unit/sync/backend/world.hpp"

namespace {

using backend::Statement;
using Clock = std::chrono::steady_clock;

/// Wall time, which a reader compares, and processor time, which a busy machine does not change and
/// the budget is about.
struct Spent {
    double wall_s = 0;
    double cpu_s = 0;
};

class Stopwatch {
  public:
    [[nodiscard]] Spent spent() const {
        return {std::chrono::duration<double>(Clock::now() - wall_).count(), cpu_now() - cpu_};
    }

  private:
    static double cpu_now() {
        timespec now{};
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
    }
    Clock::time_point wall_ = Clock::now();
    double cpu_ = cpu_now();
};

constexpr std::size_t batch_records = 50;
constexpr std::size_t jwe_bytes = 1'700;  // measured size of a sealed declaration
// A head of 50 records is verified, each record parsed and hashed: twice the inserts; a third is
// slack.
constexpr double cpu_ratio_max = 3.0;

/// The rows that a batch leaves, and the bare insert of each.
struct Table {
    Statement read;  ///< by terminal, first and last seq
    Statement add;
    std::size_t columns;
};
constexpr std::array<Table, 5> tables{{
    {{"SELECT terminal, epoch, seq, leaf, header, scopes, jwe FROM record"
      " WHERE terminal = $1 AND epoch = 1 AND seq >= $2 AND seq <= $3"},
     {"INSERT INTO record VALUES ($1, $2, $3, $4, $5, $6, $7)"},
     7},
    {{"SELECT leaf, part_no, terminal, epoch, seq, kind, declaration, tag_s, tag_sr, tag_er, "
      "observed,"
      " slip_hash, wall_ms, state FROM part WHERE terminal = $1 AND seq >= $2 AND seq <= $3"},
     {"INSERT INTO part VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"},
     14},
    {{"SELECT leaf, target_no, terminal, epoch, seq, on_chain, kind, declaration, target_kind, "
      "tag, tag_s,"
      " slip_hash, observed, wall_ms FROM act WHERE terminal = $1 AND seq >= $2 AND seq <= $3"},
     {"INSERT INTO act VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"},
     14},
    {{"SELECT part_leaf, part_no, act_leaf, strength FROM effect WHERE act_leaf IN (SELECT leaf "
      "FROM act"
      " WHERE terminal = $1 AND seq >= $2 AND seq <= $3)"},
     {"INSERT INTO effect VALUES ($1, $2, $3, $4)"},
     4},
    {{"SELECT tag, parts, acts FROM scope_state WHERE tag IN (SELECT declaration FROM part WHERE"
      " terminal = $1 AND seq >= $2 AND seq <= $3 UNION SELECT tag_s FROM part WHERE terminal = $1"
      " AND seq >= $2 AND seq <= $3 UNION SELECT tag_sr FROM part WHERE terminal = $1 AND seq >= $2"
      " AND seq <= $3 UNION SELECT tag_er FROM part WHERE terminal = $1 AND seq >= $2 AND seq <= "
      "$3)"},
     {"INSERT INTO scope_state VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"},
     3},
}};

model::Digest hashed(std::size_t number, const char* what) {
    return crypto::sha256(base::as_bytes(what + std::to_string(number)));
}

/// A day at a terminal: two people in three grant to two recipients, the third takes everything
/// back.
test::Draft draft_of(std::size_t number) {
    const std::size_t person = number / 3;
    test::Draft draft;
    std::array<std::uint8_t, 16> id{};
    std::ranges::copy(base::ByteView(hashed(number, "id")).first(16), id.begin());
    draft.scopes.declaration = base::Uuid(id);
    draft.scopes.tag_s = hashed(person, "s");
    if (number % 3 == 2) {
        draft.kind = model::Kind::withdrawal;
        draft.scopes.targets = {{model::TargetKind::subject, draft.scopes.tag_s}};
    } else {
        for (const char* recipient : {"a", "b"}) {
            draft.scopes.parts.push_back({hashed(person, recipient), hashed(number, recipient)});
        }
    }
    draft.jwe = std::string(jwe_bytes, 'x');
    return draft;
}

backend::Param param_of(const backend::Value& value) {
    return std::visit([](const auto& inner) { return backend::Param(inner); }, value);
}

/// Reads the rows of a batch from `from` and inserts them into `into`; only the inserting is timed.
Spent copy_rows(backend::Store& from, backend::Store& into, const base::Uuid& terminal,
                std::uint64_t first, std::uint64_t last) {
    std::vector<backend::Rows> rows;
    for (const Table& table : tables) {
        auto read = from.run(table.read, {terminal.get(), static_cast<std::int64_t>(first),
                                          static_cast<std::int64_t>(last)});
        CHECK(read.has_value());
        rows.push_back(std::move(*read));
    }
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

void print(const char* name, double value, const char* unit, const char* reference,
           double reference_value, double ratio_max) {
    const double ratio = value / reference_value;
    std::printf(
        "{\"name\":\"%s\",\"value\":%.0f,\"unit\":\"%s\",\"reference\":\"%s\","
        "\"reference_value\":%.0f,\"ratio\":%.3f",
        name, value, unit, reference, reference_value, ratio);
    if (ratio_max > 0) std::printf(",\"budget\":\"<= %.1f x\"", ratio_max);
    std::printf(",\"ok\":%s}\n", ratio_max == 0 || ratio <= ratio_max ? "true" : "false");
}

double median(const std::vector<Spent>& all, double Spent::*what) {
    std::vector<double> values;
    for (const Spent& each : all) values.push_back(each.*what);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}
double rate(const std::vector<Spent>& all) {
    return static_cast<double>(batch_records) / median(all, &Spent::wall_s);
}
double record_us(const std::vector<Spent>& all) {
    return median(all, &Spent::cpu_s) * 1e6 / static_cast<double>(batch_records);
}

void measure(const std::string& folder, std::size_t batches) {
    test::SeededRandom random{1};
    test::ManualClock clock;
    test::Terminal terminal{1, random};
    auto ours = backend::SqliteStore::open(folder + "/ingest.db");
    auto bare = backend::SqliteStore::open(folder + "/bare.db");
    CHECK(ours.has_value());
    CHECK(bare.has_value());
    test::enrol(**ours, terminal);
    const crypto::KeyPair key = crypto::generate_key(crypto::Curve::p256, random);
    const backend::ReceiptIssuer issuer("urn:bench", {key, clock, random});
    std::vector<Spent> ingest;
    std::vector<Spent> receipt;
    std::vector<Spent> plain;
    for (std::size_t batch = 0; batch < batches; ++batch) {
        const std::uint64_t first = batch * batch_records + 1;
        const std::uint64_t last = first + batch_records - 1;
        for (std::uint64_t seq = first; seq <= last; ++seq) terminal.append(draft_of(seq));
        const std::string body = terminal.batch(first, last);
        const Stopwatch watch;
        const auto outcome = backend::ingest_batch(**ours, terminal.id, body);
        CHECK(outcome.has_value());
        CHECK(outcome->added == batch_records);
        ingest.push_back(watch.spent());
        const auto head = backend::sequence(**ours);
        CHECK(head.has_value());
        const auto records = backend::logged_range(**ours, outcome->from, outcome->to);
        CHECK(records.has_value());
        CHECK(issuer.received(outcome->from, receipts::Lane::chain, *records, head->size)
                  .has_value());
        receipt.push_back(watch.spent());
        plain.push_back(copy_rows(**ours, **bare, terminal.id, first, last));
    }
    const char* peer = "bare SQLite inserts of the same rows";
    print("backend: ingest, head verified", rate(ingest), "records/s", peer, rate(plain), 0);
    print("backend: ingest to signed receipt", rate(receipt), "records/s", peer, rate(plain), 0);
    print("backend: CPU of a record, ingest", record_us(ingest), "us", peer, record_us(plain),
          cpu_ratio_max);
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t batches = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100;
    std::string folder = std::filesystem::temp_directory_path() / "ingest_bench.XXXXXX";
    CHECK(::mkdtemp(folder.data()) != nullptr);
    measure(folder, batches);
    std::filesystem::remove_all(folder);
    return 0;
}
