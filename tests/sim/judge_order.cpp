// SPDX-License-Identifier: EUPL-1.2
// I10: the same events, delivered to a fresh backend in another order, end in the same states. What
// the rule takes from outside the set is kept: each record's log index, and which of two
// contradicting records has its chain. Two contradict each other at one place, and where one goes
// on in an epoch that another has left: whichever came first has its chain, so a chain that was
// still written when the later epoch began is written before it here, too. Cut into other batches,
// doubled, advance copies at any time.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"
#include "sync/model/batch.hpp"
#include "sync/seal/chain.hpp"
#include "tests/sim/judge.hpp"

namespace sim {
namespace {

using backend::Statement;

constexpr Statement chained{
    "SELECT r.terminal, r.epoch, r.seq, r.leaf, r.header, r.scopes, r.jwe, l.log_index FROM record "
    "r"
    " JOIN log_entry l ON l.leaf = r.leaf ORDER BY r.terminal, r.epoch, r.seq"};
constexpr Statement forked{
    "SELECT q.terminal, q.epoch, q.seq, q.leaf, q.header, q.scopes, q.jwe, l.log_index"
    " FROM quarantine q JOIN log_entry l ON l.leaf = q.leaf WHERE NOT EXISTS"
    " (SELECT 1 FROM record r WHERE r.leaf = q.leaf) ORDER BY q.leaf"};
constexpr Statement copied{
    "SELECT a.terminal, a.epoch, a.seq, a.leaf, a.header, a.scopes, a.jwe, l.log_index"
    " FROM advance a JOIN log_entry l ON l.leaf = a.leaf ORDER BY a.leaf"};
constexpr Statement terminals{"SELECT terminal, site, enrolled_ms FROM terminal"};
constexpr Statement add_terminal{
    "INSERT INTO terminal (terminal, site, enrolled_ms) VALUES ($1, $2, $3)"};
constexpr Statement keys{"SELECT terminal, key_no, public_key FROM terminal_key"};
constexpr Statement add_key{
    "INSERT INTO terminal_key (terminal, key_no, public_key) VALUES ($1, $2, $3)"};
constexpr Statement entries{"SELECT log_index, terminal, epoch, seq, leaf FROM log_entry"};
constexpr Statement add_entry{
    "INSERT INTO log_entry (log_index, terminal, epoch, seq, leaf) VALUES ($1, $2, $3, $4, $5)"};
constexpr Statement log_size{"SELECT log_size FROM log_state WHERE id = 1"};
constexpr Statement set_log_size{"UPDATE log_state SET log_size = $1 WHERE id = 1"};
constexpr Statement given_as{"SELECT DISTINCT leaf FROM part"};
constexpr Statement parts{"SELECT leaf, part_no, state FROM part ORDER BY leaf, part_no"};
constexpr Statement effects{
    "SELECT part_leaf, part_no, act_leaf, strength FROM effect"
    " ORDER BY part_leaf, part_no, act_leaf"};

struct Stored {
    model::RecordKey key;
    model::Digest leaf{};
    model::Record record;
    model::Header header;
    std::uint64_t log_index = 0;
    [[nodiscard]] std::pair<base::Uuid, base::Uuid> declaration() const {
        const auto scopes = model::parse_scopes(record.scopes);
        return {key.terminal, scopes ? scopes->declaration : base::Uuid()};
    }
};

std::vector<Stored> read(Cluster& cluster, const Statement& statement) {
    std::vector<Stored> all;
    for (const auto& row : cluster.ask(statement, {})) {
        const auto header = model::parse_header(row.bytes(4));
        CHECK(header.has_value());
        all.push_back({{backend::uuid_of(row.bytes(0)), static_cast<std::uint32_t>(row.count(1)),
                        row.count(2)},
                       backend::array_of<32>(row.bytes(3)),
                       {row.bytes(4), row.bytes(5), row.text(6)},
                       *header,
                       row.count(7)});
    }
    return all;
}

using Table = std::vector<std::vector<backend::Value>>;

/// The first row that only one of the two has, in hexadecimal and short.
std::string difference(const Table& here, const Table& there) {
    const auto text = [](const std::vector<backend::Value>& row) {
        std::string out;
        for (const backend::Value& value : row) {
            if (const auto* number = std::get_if<std::int64_t>(&value)) {
                out += " " + std::to_string(*number);
            } else if (const auto* bytes = std::get_if<base::Bytes>(&value)) {
                out += " " + base::to_hex(*bytes).substr(0, 12);
            }
        }
        return out;
    };
    for (const auto& row : here) {
        if (std::ranges::count(there, row) == 0) return "was" + text(row);
    }
    for (const auto& row : there) {
        if (std::ranges::count(here, row) == 0) return "becomes" + text(row);
    }
    return "nothing";
}

/// Signs heads anew: the world knows every key.
class Replay {
  public:
    explicit Replay(World& world) : world_(world) {
        auto store = backend::SqliteStore::open(":memory:");
        CHECK(store.has_value());
        store_ = std::move(*store);
    }

    bool run() {
        prepare();
        for (Stored& each : read(world_.cluster(), chained)) {
            chained_.insert(each.leaf);
            queues_[{each.key.terminal, each.key.epoch}].push_back(std::move(each));
        }
        for (const auto& [chain, queue] : queues_) started_.insert(chain);
        std::set<model::Digest> given;
        for (const auto& row : world_.cluster().ask(given_as, {}))
            given.insert(backend::array_of<32>(row.bytes(0)));
        for (const auto& [chain, queue] : queues_) {
            for (const Stored& each : queue) {
                if (given.contains(each.leaf)) first_places_.emplace(each.declaration(), each.leaf);
            }
        }
        copies_ = read(world_.cluster(), copied);
        // What lost its place comes as a copy, too; only what protects counts there.
        for (Stored& each : read(world_.cluster(), forked)) {
            if (model::is_protective(each.header.kind)) copies_.push_back(std::move(each));
        }
        for (const Stored& each : copies_) {
            if (given.contains(each.leaf)) first_places_.emplace(each.declaration(), each.leaf);
        }
        world_.context().dice.shuffle(copies_);
        for (const auto& [chain, queue] : queues_) {
            for (const Stored& each : queue) missing_.insert(each.log_index);
        }
        for (const Stored& each : copies_) missing_.insert(each.log_index);
        while (!queues_.empty() || !copies_.empty()) {
            const auto done = one();
            if (!done) refusal_ = "nothing may come";
            if (!done || !*done) return false;
        }
        return true;
    }

    [[nodiscard]] const std::string& refusal() const { return refusal_; }
    [[nodiscard]] Table table(const Statement& statement) {
        auto rows = store_->run(statement, backend::Params{});
        CHECK(rows.has_value());
        Table values;
        for (const auto& row : *rows) values.push_back(row.values());
        return values;
    }

  private:
    /// Terminals, keys, and the places that the log gave.
    void prepare() {
        Cluster& cluster = world_.cluster();
        const auto copy = [&](const Statement& from, const Statement& to) {
            for (const auto& row : cluster.ask(from, {})) {
                std::vector<backend::Param> params;
                for (const backend::Value& value : row.values()) {
                    params.push_back(
                        std::visit([](const auto& v) { return backend::Param(v); }, value));
                }
                CHECK(store_->run(to, params).has_value());
            }
        };
        copy(terminals, add_terminal);
        copy(keys, add_key);
        copy(entries, add_entry);
        const auto size = cluster.ask(log_size, {}).at(0).number(0);
        CHECK(store_->run(set_log_size, {size}).has_value());
    }

    std::string head_of(const Stored& stored) {
        for (const auto& device : world_.devices()) {
            const Identity& identity = device->about().identity;
            if (identity.terminal != stored.key.terminal) continue;
            seal::PairSigner signer(identity.key, world_.context().dice);
            auto head = seal::sign_head({stored.key, stored.leaf}, signer);
            CHECK(head.has_value());
            return std::move(*head);
        }
        CHECK(!"a record of no machine");
        return {};
    }

    /// Whoever had verified n records comes after them: no order in the world could be otherwise.
    /// And of two places of one grant the one that counts comes first.
    [[nodiscard]] bool may_come(const Stored& stored) const {
        if (!missing_.empty() && stored.header.observed > *missing_.begin()) return false;
        const auto first = first_places_.find(stored.declaration());
        return first == first_places_.end() || first->second == stored.leaf ||
               !is_missing(first->second);
    }

    [[nodiscard]] bool is_missing(const model::Digest& leaf) const {
        return chained_.contains(leaf) ||
               std::ranges::find(copies_, leaf, &Stored::leaf) != copies_.end();
    }

    /// An epoch waits for the record that it names.
    [[nodiscard]] bool continues(const Stored& first) const {
        return !chained_.contains(first.header.prev);
    }

    /// An epoch closes the one before it.
    [[nodiscard]] bool closes(const Stored& first) const {
        const Chain own{first.key.terminal, first.key.epoch};
        const auto place = started_.find(own);
        if (first.key.seq != 1 || place == started_.begin()) return false;
        return queues_.contains(*std::prev(place)) && std::prev(place)->first == own.first;
    }

    /// Delivers something that may come now. Nothing if there is none; false if it was refused.
    std::optional<bool> one() {
        Dice& dice = world_.context().dice;
        std::vector<std::size_t> ready_copies;
        std::vector<Chain> ready_queues;
        for (std::size_t i = 0; i < copies_.size(); ++i) {
            if (may_come(copies_[i])) ready_copies.push_back(i);
        }
        for (const auto& [chain, queue] : queues_) {
            const Stored& next = queue.front();
            if (!continues(next) && dice.chance(100) && !is_awaited(next)) return false;
            if (may_come(next) && continues(next) && !closes(next)) ready_queues.push_back(chain);
        }
        if (ready_copies.empty() && ready_queues.empty()) return std::nullopt;
        if (!ready_copies.empty() && (ready_queues.empty() || dice.chance(300))) {
            const std::size_t at = dice.pick(ready_copies);
            const Stored copy = std::move(copies_[at]);
            copies_.erase(copies_.begin() + static_cast<std::ptrdiff_t>(at));
            missing_.erase(copy.log_index);
            return advance(copy);
        }
        const auto queue = queues_.find(dice.pick(ready_queues));
        const bool taken = next_batch(queue->second);
        if (queue->second.empty()) queues_.erase(queue);
        return taken;
    }

    /// Delivers the beginning of an epoch too early; false if that does more than be told.
    bool is_awaited(const Stored& first) {
        const model::Batch batch{first.key.terminal, first.key.epoch, first.key.seq,
                                 first.key.seq,      head_of(first),  {first.record}};
        const auto early = backend::ingest_batch(*store_, batch.terminal, model::encode(batch));
        if (early && early->verdict == backend::BatchVerdict::gap) return true;
        refusal_ = "epoch " + std::to_string(batch.epoch) + " does not wait for its base";
        return false;
    }

    bool next_batch(std::vector<Stored>& queue) {
        const std::size_t wanted = 1 + world_.context().dice.below(5);
        model::Batch batch;
        batch.terminal = queue.front().key.terminal;
        batch.epoch = queue.front().key.epoch;
        batch.from = queue.front().key.seq;
        std::size_t taken = 0;
        while (taken < wanted && taken < queue.size() && queue[taken].key.epoch == batch.epoch &&
               may_come(queue[taken])) {
            batch.records.push_back(queue[taken++].record);
        }
        batch.to = queue[taken - 1].key.seq;
        batch.head = head_of(queue[taken - 1]);
        for (std::size_t i = 0; i < taken; ++i) {
            missing_.erase(queue[i].log_index);
            chained_.erase(queue[i].leaf);
        }
        queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(taken));
        const std::string body = model::encode(batch);
        // Twice, as a network may do it.
        for (int i = 0; i < 2; ++i) {
            const auto done = backend::ingest_batch(*store_, batch.terminal, body);
            if (done && done->verdict == backend::BatchVerdict::stored) continue;
            refusal_ = std::string(done ? "contradiction or gap" : done.error().where) + " at " +
                       std::to_string(batch.epoch) + "/" + std::to_string(batch.from);
            return false;
        }
        return true;
    }

    bool advance(const Stored& copy) {
        model::Advance body;
        body.terminal = copy.key.terminal;
        body.copies = {{head_of(copy), copy.record}};
        const auto done = backend::ingest_advance(*store_, body.terminal, model::encode(body));
        if (!done) refusal_ = done.error().where;
        return done.has_value();
    }

    using Chain = std::pair<base::Uuid, std::uint32_t>;
    std::map<Chain, std::vector<Stored>> queues_;  ///< chains go forward, batch by batch
    std::map<std::pair<base::Uuid, base::Uuid>, model::Digest> first_places_;  ///< by declaration
    std::set<Chain> started_;                                                  ///< all chains
    std::set<model::Digest> chained_;  ///< leaves of chains, not delivered yet
    std::vector<Stored> copies_;
    std::string refusal_;
    std::set<std::uint64_t> missing_;  ///< log indices of what has not been delivered
    World& world_;
    std::unique_ptr<backend::Store> store_;
};

}  // namespace

void judge_order(World& world) {
    Replay replay(world);
    if (!replay.run()) {
        return world.context().trace.violate(
            "I10", "the same records are refused in another order: " + replay.refusal());
    }
    const auto table = [&](const Statement& statement) {
        Table values;
        for (const auto& row : world.cluster().ask(statement, {})) values.push_back(row.values());
        return values;
    };
    for (const Statement* statement : {&parts, &effects}) {
        const Table before = table(*statement);
        const Table after = replay.table(*statement);
        if (before == after) continue;
        return world.context().trace.violate(
            "I10", "another order ends otherwise: " + difference(before, after));
    }
}

}  // namespace sim
