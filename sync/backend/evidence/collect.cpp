// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/evidence/collect.hpp"

#include <algorithm>
#include <set>

#include "drivers/base/limits_evidence.hpp"
#include "sync/backend/ingest/apply.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/seal/chain.hpp"

namespace backend {
namespace {

constexpr Statement find_declared{
    "SELECT leaf FROM part WHERE declaration = $1 UNION SELECT leaf FROM act WHERE declaration = $1"
    " ORDER BY 1"};
constexpr Statement find_related{
    "SELECT act_leaf FROM effect WHERE part_leaf = $1 UNION"
    " SELECT part_leaf FROM effect WHERE act_leaf = $1 ORDER BY 1"};
constexpr Statement find_place{
    "SELECT terminal, epoch, seq, observed FROM part WHERE leaf = $1 UNION ALL"
    " SELECT terminal, epoch, seq, observed FROM act WHERE leaf = $1 LIMIT 1"};
constexpr Statement find_effects{
    "SELECT part_no, act_leaf, strength FROM effect WHERE part_leaf = $1 ORDER BY part_no, "
    "act_leaf"};
constexpr Statement find_record{
    "SELECT leaf, header, scopes, jwe FROM record WHERE terminal = $1 AND epoch = $2 AND seq = $3"};
constexpr Statement find_ahead{"SELECT header, scopes, jwe, head_jws FROM advance WHERE leaf = $1"};
constexpr Statement find_quarantined{
    "SELECT header, scopes, jwe, head_jws FROM quarantine"
    " WHERE terminal = $1 AND epoch = $2 AND seq = $3 AND leaf = $4"};
constexpr Statement find_head{
    "SELECT seq, head_jws FROM chain_head WHERE terminal = $1 AND epoch = $2 AND seq >= $3"
    " ORDER BY seq LIMIT 1"};
constexpr Statement find_links{
    "SELECT header FROM record WHERE terminal = $1 AND epoch = $2 AND seq > $3 AND seq <= $4"
    " ORDER BY seq"};
constexpr Statement find_beside{
    "SELECT leaf, header FROM quarantine WHERE terminal = $1 AND epoch = $2 AND seq = $3 UNION ALL"
    " SELECT leaf, header FROM record WHERE terminal = $1 AND epoch = $2 AND seq = $3"};

auto broken_chain(const char* where) {
    return base::fail(base::Errc::journal_chain_broken, where);
}

class Collector {
  public:
    explicit Collector(Store& store) : store_(store) {}

    base::Result<Collected> run(const base::Uuid& declaration) {
        TRY_VOID(find_leaves(model::declaration_value(declaration)));
        for (const Hash& leaf : leaves_) {
            TRY(record, load(leaf));
            // Lost here and at the terminal, after a restore: nobody can open what is gone.
            if (record.record.jwe.empty())
                return base::fail(base::Errc::config_bad, "evidence.content_lost");
            out_.effects.records.push_back({leaf, record.on_chain, record.observed});
            out_.records.push_back(std::move(record));
        }
        TRY_VOID(lineages());
        TRY_VOID(effects());
        return std::move(out_);
    }

  private:
    base::Result<void> find_leaves(const Tag& declaration) {
        TRY(own, store_.run(find_declared, {declaration}));
        if (own.empty()) return base::fail(base::Errc::config_bad, "evidence.unknown_declaration");
        for (const Row& row : own) leaves_.push_back(array_of<32>(row.bytes(0)));
        std::set<Hash> related;
        for (const Hash& leaf : leaves_) {
            TRY(rows, store_.run(find_related, {leaf}));
            for (const Row& row : rows) related.insert(array_of<32>(row.bytes(0)));
        }
        for (const Hash& leaf : leaves_) related.erase(leaf);
        leaves_.insert(leaves_.end(), related.begin(), related.end());
        if (leaves_.size() > limits::evidence_records_max)
            return base::fail(base::Errc::message_too_large, "evidence.records");
        return {};
    }

    base::Result<CollectedRecord> load(const Hash& leaf) {
        TRY(places, store_.run(find_place, {leaf}));
        CHECK(places.size() == 1);
        CollectedRecord out;
        out.leaf = leaf;
        out.place = {uuid_of(places[0].bytes(0)), static_cast<std::uint32_t>(places[0].count(1)),
                     places[0].count(2)};
        out.observed = places[0].count(3);
        TRY(index, log_index_of(store_, out.place, leaf));
        if (!index) return base::fail(base::Errc::busy, "evidence.not_in_log");
        out.log_index = *index;
        TRY(chained, store_.run(find_record, keys(out.place)));
        const bool same = !chained.empty() && array_of<32>(chained[0].bytes(0)) == leaf;
        if (same) {
            out.record = {chained[0].bytes(1), chained[0].bytes(2), chained[0].text(3)};
            TRY_VOID(head_of_chain(out));
            return out;
        }
        TRY_VOID(load_beside(out));
        out.on_chain = chained.empty() && !out.quarantined;
        return out;
    }

    static std::array<Param, 3> keys(const Place& place) {
        return {Param(place.terminal.get()), Param(std::int64_t{place.epoch}),
                Param(column_of(place.seq))};
    }

    base::Result<void> head_of_chain(CollectedRecord& out) {
        TRY(heads, store_.run(find_head, keys(out.place)));
        if (heads.empty()) return broken_chain("evidence.head");
        out.head = heads[0].text(1);
        const std::uint64_t to = heads[0].count(0);
        if (to - out.place.seq > limits::evidence_links_max)
            return base::fail(base::Errc::message_too_large, "evidence.links");
        TRY(links, store_.run(find_links, {out.place.terminal.get(), std::int64_t{out.place.epoch},
                                           column_of(out.place.seq), column_of(to)}));
        for (const Row& row : links) base::append(out.links, row.bytes(0));
        return {};
    }

    /// A copy that ran ahead, or a record that contradicts its chain.
    base::Result<void> load_beside(CollectedRecord& out) {
        const auto& terminal = out.place.terminal.get();
        TRY(ahead, store_.run(find_ahead, {out.leaf}));
        TRY(kept, store_.run(find_quarantined, {terminal, std::int64_t{out.place.epoch},
                                                column_of(out.place.seq), out.leaf}));
        out.quarantined = !kept.empty();
        if (ahead.empty() && kept.empty()) return broken_chain("evidence.record");
        const Row& row = ahead.empty() ? kept[0] : ahead[0];
        out.record = {row.bytes(0), row.bytes(1), row.text(2)};
        out.head = row.text(3);
        return links_beside(out);
    }

    /// The records of a quarantined batch up to the one that its head signs.
    base::Result<void> links_beside(CollectedRecord& out) {
        TRY(head, seal::parse_head(out.head));
        Hash at = out.leaf;
        for (std::uint64_t seq = out.place.seq + 1; seq <= head.key.seq; ++seq) {
            TRY(rows, store_.run(find_beside, keys({out.place.terminal, out.place.epoch, seq})));
            const auto next = std::ranges::find_if(rows, [&](const Row& row) {
                const auto header = model::parse_header(row.bytes(1));
                return header && header->prev == at;
            });
            if (next == rows.end()) return broken_chain("evidence.quarantine");
            base::append(out.links, next->bytes(1));
            at = array_of<32>(next->bytes(0));
        }
        return at == head.leaf ? base::Result<void>{} : broken_chain("evidence.quarantine_head");
    }

    base::Result<void> lineages() {
        std::set<base::Uuid> terminals;
        for (const auto& record : out_.records) terminals.insert(record.place.terminal);
        for (const base::Uuid& terminal : terminals) {
            TRY(lineage, read_lineage(store_, terminal));
            for (const EpochBase& base : lineage) out_.effects.lineage.push_back({terminal, base});
        }
        return {};
    }

    base::Result<void> effects() {
        for (std::size_t i = 0; i < leaves_.size(); ++i) {
            TRY(rows, store_.run(find_effects, {leaves_[i]}));
            for (const Row& row : rows) {
                const auto act = std::ranges::find(leaves_, array_of<32>(row.bytes(1)));
                if (act == leaves_.end()) continue;
                const auto number = static_cast<std::size_t>(act - leaves_.begin());
                out_.effects.effects.push_back(
                    {i + 1, row.count(0), number + 1, static_cast<Effect>(row.number(2))});
            }
        }
        std::ranges::sort(out_.effects.effects);
        return {};
    }

    Store& store_;
    std::vector<Hash> leaves_;
    Collected out_;
};

}  // namespace

base::Result<Collected> collect_evidence(Store& store, const base::Uuid& declaration) {
    return Collector(store).run(declaration);
}

}  // namespace backend
