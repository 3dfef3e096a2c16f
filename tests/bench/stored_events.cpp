// SPDX-License-Identifier: EUPL-1.2
#include "tests/bench/stored_events.hpp"

#include <algorithm>
#include <deque>
#include <numeric>
#include <string>
#include <utility>

#include "drivers/base/check.hpp"
#include "sync/backend/log/nodes.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "sync/receipts/frontier.hpp"

namespace bench {
namespace {

using backend::Param;
using backend::Statement;

constexpr std::uint64_t tags_of_person = 12;
constexpr std::uint64_t events_of_terminal = 5'000;
constexpr std::uint64_t events_of_batch = 50;
constexpr std::size_t rows_at_once = 2'000;
constexpr std::int64_t day_ms = 1'790'000'000'000;

constexpr Statement add_terminal{
    "INSERT INTO terminal (terminal, site, enrolled_ms) VALUES ($1, $2, $3)"};
constexpr Statement add_chain{
    "INSERT INTO chain (terminal, epoch, next_seq, head, head_jws, logged_seq)"
    " VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr Statement add_head{
    "INSERT INTO chain_head (terminal, epoch, seq, head_jws) VALUES ($1, $2, $3, $4)"};
constexpr Statement add_record{
    "INSERT INTO record (terminal, epoch, seq, leaf, header, scopes, jwe)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr Statement add_entry{
    "INSERT INTO log_entry (log_index, terminal, epoch, seq, leaf) VALUES ($1, $2, $3, $4, $5)"};
constexpr Statement add_part{
    "INSERT INTO part (leaf, part_no, terminal, epoch, seq, kind, declaration, tag_s, tag_sr, "
    "tag_er, observed, slip_hash, wall_ms, state)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"};
constexpr Statement add_act{
    "INSERT INTO act (leaf, target_no, terminal, epoch, seq, on_chain, kind, declaration, "
    "target_kind, tag, tag_s, slip_hash, observed, wall_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"};
constexpr Statement add_effect{
    "INSERT INTO effect (part_leaf, part_no, act_leaf, strength) VALUES ($1, $2, $3, $4)"};
constexpr Statement add_scope{"INSERT INTO scope_state (tag, parts, acts) VALUES ($1, $2, $3)"};
constexpr Statement store_log{"UPDATE log_state SET log_size = $1, frontier = $2 WHERE id = 1"};

constexpr Statement sqlite_indexes{
    "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    " AND tbl_name IN ('part', 'act', 'effect')"};
constexpr Statement postgresql_indexes{
    "SELECT CAST(indexname AS TEXT), indexdef FROM pg_indexes WHERE schemaname = current_schema()"
    " AND tablename IN ('part', 'act', 'effect') AND indexname NOT LIKE '%_pkey'"};

/// 32 bytes that look random; they ascend with `place` and fill their space evenly.
model::Digest spread(std::uint64_t place, std::uint64_t count) {
    model::Digest out{};
    std::uint64_t word = (place + 1) * (UINT64_MAX / (count + 1));
    for (std::size_t at = 0; at < out.size(); at += 8) {
        for (std::size_t i = 0; i < 8; ++i) {
            out[at + i] = static_cast<std::uint8_t>(word >> (56 - 8 * i));
        }
        word = (word ^ (word >> 31U)) * 0x9E3779B97F4A7C15ULL;
    }
    return out;
}

base::Bytes terminal_of(std::uint64_t event) {
    base::Bytes id(8, 0xAA);
    base::append_u64(id, event / events_of_terminal);
    return id;
}

std::int64_t seq_of(std::uint64_t event) {
    return static_cast<std::int64_t>(event % events_of_terminal) + 1;
}

}  // namespace

// Multiples of the golden ratio stay as far from one another as can be.
Shuffle::Shuffle(std::uint64_t size)
    : size_(size), factor_(static_cast<std::uint64_t>(static_cast<double>(size) * 0.6180339887)) {
    CHECK(size > 2 && size < (std::uint64_t{1} << 31U));  // so that products fit
    while (std::gcd(factor_, size) != 1) ++factor_;
    // The inverse: Euclid's way back.
    std::int64_t before = 0;
    std::int64_t now = 1;
    std::uint64_t rest = size;
    for (std::uint64_t by = factor_ % size; by > 1;) {
        const std::uint64_t times = rest / by;
        before = std::exchange(now, before - static_cast<std::int64_t>(times) * now);
        rest = std::exchange(by, rest % by);
    }
    inverse_ = now < 0 ? size - static_cast<std::uint64_t>(-now) : static_cast<std::uint64_t>(now);
    CHECK(from(to(size - 1)) == size - 1);
}

/// Gathers rows of one table after the other and writes many at once.
class StoredEvents::Writer {
  public:
    Writer(backend::Store& store, bool postgresql) : store_(store), postgresql_(postgresql) {
        if (postgresql_) {
            run("SET statement_timeout = 0");
            run("SET maintenance_work_mem = '1GB'");
        } else {
            run("PRAGMA journal_mode=OFF");
            run("PRAGMA synchronous=OFF");
        }
        auto indexes = store_.run(postgresql_ ? postgresql_indexes : sqlite_indexes, {});
        CHECK(indexes.has_value());
        CHECK(indexes->size() == 8);
        for (const backend::Row& row : *indexes) run("DROP INDEX " + row.text(0));
        indexes_ = std::move(*indexes);
    }

    /// The bytes are kept until they are written: flush() before the rows of another statement.
    Param keep(base::ByteView bytes) {
        return base::ByteView(kept_.emplace_back(bytes.begin(), bytes.end()));
    }
    void row(const Statement& statement, std::initializer_list<Param> values) {
        CHECK(statement_ == &statement || params_.empty());
        statement_ = &statement;
        columns_ = values.size();
        params_.insert(params_.end(), values);
        if (params_.size() >= rows_at_once * columns_) flush();
    }
    void flush() {
        if (params_.empty()) return;
        auto transaction = backend::Transaction::begin(store_);
        CHECK(transaction.has_value());
        CHECK(store_.queue_many(*statement_, params_, columns_).has_value());
        CHECK(transaction->commit().has_value());
        params_.clear();
        kept_.clear();
    }
    /// Makes the indexes that were left out: sorted at once instead of row by row.
    void finish() {
        flush();
        for (const backend::Row& row : indexes_) run(row.text(1));
        run(postgresql_ ? "VACUUM ANALYZE" : "PRAGMA optimize");
    }
    [[nodiscard]] backend::Store& store() const { return store_; }

  private:
    void run(const std::string& sql) {
        // Both live as long as the connection may ask for them.
        static std::deque<std::string> texts;
        static std::deque<Statement> statements;
        texts.push_back(sql);
        statements.push_back({texts.back().c_str()});
        CHECK(store_.run(statements.back(), {}).has_value());
    }

    backend::Store& store_;
    bool postgresql_;
    backend::Rows indexes_;
    const Statement* statement_ = nullptr;
    std::size_t columns_ = 0;
    std::vector<Param> params_;
    std::deque<base::Bytes> kept_;
};

StoredEvents::StoredEvents(std::uint64_t events)
    : events_(events), people_(events / 3), leaves_(events), tags_(people_ * tags_of_person) {
    CHECK(events % 24 == 0);
}

bool StoredEvents::withdraws(std::uint64_t event) const {
    return event % 3 == 2 && event / 3 % 8 != 7;
}

model::Digest StoredEvents::leaf(std::uint64_t event) const {
    return spread(leaves_.to(event), events_);
}

model::Digest StoredEvents::tag(std::uint64_t person, std::uint64_t which) const {
    auto tag = spread(tags_.to(person * tags_of_person + which), tags_.size());
    const bool declaration = which >= 3 && which % 3 == 0;
    if (declaration) std::fill(tag.begin() + 16, tag.end(), std::uint8_t{0});
    return tag;
}

model::Digest StoredEvents::living_subject(std::uint64_t number) const {
    CHECK(number < living_people());
    const Shuffle order(std::max<std::uint64_t>(living_people(), 3));
    return tag(order.to(number) % living_people() * 8 + 7, 0);
}

void StoredEvents::fill(backend::Store& store, bool postgresql) const {
    Writer into(store, postgresql);
    fill_chains(into);
    fill_parts(into);
    fill_acts(into);
    fill_effects(into);
    fill_scopes(into);
    fill_log(into);
    into.finish();
    CHECK(backend::complete_nodes(store).has_value());
}

void StoredEvents::fill_chains(Writer& into) const {
    const std::string head(400, 'h');
    for (std::uint64_t event = 0; event < events_; event += events_of_terminal) {
        into.row(add_terminal,
                 {into.keep(terminal_of(event)), std::string_view("site"), std::int64_t{0}});
    }
    into.flush();
    for (std::uint64_t event = 0; event < events_; event += events_of_terminal) {
        const std::uint64_t last = std::min(event + events_of_terminal, events_) - 1;
        into.row(add_chain, {into.keep(terminal_of(event)), std::int64_t{1}, seq_of(last) + 1,
                             into.keep(leaf(last)), std::string_view(head), seq_of(last)});
    }
    into.flush();
    for (std::uint64_t event = events_of_batch - 1; event < events_; event += events_of_batch) {
        into.row(add_head, {into.keep(terminal_of(event)), std::int64_t{1}, seq_of(event),
                            std::string_view(head)});
    }
    into.flush();
    const base::Bytes header(model::header_bytes, 0x68);
    const base::Bytes scopes(211, 0x73);  // of a release to two recipients
    const std::string jwe(200, 'j');      // a sealed one has 1,700
    for (std::uint64_t event = 0; event < events_; ++event) {
        into.row(add_record, {into.keep(terminal_of(event)), std::int64_t{1}, seq_of(event),
                              into.keep(leaf(event)), base::ByteView(header),
                              base::ByteView(scopes), std::string_view(jwe)});
    }
    into.flush();
}

void StoredEvents::fill_parts(Writer& into) const {
    const base::Bytes no_slip(32, 0);
    for (std::uint64_t place = 0; place < events_; ++place) {
        const std::uint64_t event = leaves_.from(place);
        if (withdraws(event)) continue;
        const std::uint64_t person = event / 3;
        const std::int64_t state = withdraws(person * 3 + 2) ? 2 : 0;
        const std::uint64_t own = 3 + 3 * (event % 3);
        for (std::uint64_t part = 0; part < 2; ++part) {
            into.row(add_part,
                     {into.keep(leaf(event)), static_cast<std::int64_t>(part),
                      into.keep(terminal_of(event)), std::int64_t{1}, seq_of(event),
                      std::int64_t{1}, into.keep(tag(person, own)), into.keep(tag(person, 0)),
                      into.keep(tag(person, 1 + part)), into.keep(tag(person, own + 1 + part)),
                      std::int64_t{0}, base::ByteView(no_slip), day_ms, state});
        }
    }
    into.flush();
}

void StoredEvents::fill_acts(Writer& into) const {
    const base::Bytes no_slip(32, 0);
    for (std::uint64_t place = 0; place < events_; ++place) {
        const std::uint64_t event = leaves_.from(place);
        if (!withdraws(event)) continue;
        const std::uint64_t person = event / 3;
        into.row(add_act,
                 {into.keep(leaf(event)), std::int64_t{0}, into.keep(terminal_of(event)),
                  std::int64_t{1}, seq_of(event), std::int64_t{1}, std::int64_t{2},
                  into.keep(tag(person, 9)), std::int64_t{2}, into.keep(tag(person, 0)),
                  into.keep(tag(person, 0)), base::ByteView(no_slip), std::int64_t{0}, day_ms});
    }
    into.flush();
}

void StoredEvents::fill_effects(Writer& into) const {
    for (std::uint64_t place = 0; place < events_; ++place) {
        const std::uint64_t event = leaves_.from(place);
        const std::uint64_t end = event / 3 * 3 + 2;
        if (withdraws(event) || !withdraws(end)) continue;
        for (std::int64_t part = 0; part < 2; ++part) {
            into.row(add_effect,
                     {into.keep(leaf(event)), part, into.keep(leaf(end)), std::int64_t{2}});
        }
    }
    into.flush();
}

void StoredEvents::fill_scopes(Writer& into) const {
    for (std::uint64_t place = 0; place < tags_.size(); ++place) {
        const std::uint64_t number = tags_.from(place);
        const std::uint64_t person = number / tags_of_person;
        const std::uint64_t which = number % tags_of_person;
        const bool ended = withdraws(person * 3 + 2);
        if (ended && which >= 9) continue;
        const std::int64_t parts = which >= 3 ? 1 : ended ? 2 : 3;
        into.row(add_scope,
                 {into.keep(tag(person, which)), parts, std::int64_t{ended && which == 0 ? 1 : 0}});
    }
    into.flush();
}

void StoredEvents::fill_log(Writer& into) const {
    receipts::MerkleFrontier frontier;
    for (std::uint64_t event = 0; event < events_; ++event) {
        into.row(add_entry, {static_cast<std::int64_t>(event), into.keep(terminal_of(event)),
                             std::int64_t{1}, seq_of(event), into.keep(leaf(event))});
        frontier.append(leaf(event));
    }
    into.flush();
    const base::Bytes hashes = frontier.encode();
    CHECK(into.store()
              .run(store_log, {static_cast<std::int64_t>(events_), base::ByteView(hashes)})
              .has_value());
}

}  // namespace bench
