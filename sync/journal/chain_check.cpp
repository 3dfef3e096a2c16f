// SPDX-License-Identifier: EUPL-1.2
// Does the chain hold?
#include "sync/journal/chain_check.hpp"

#include <algorithm>
#include <map>

#include "drivers/crypto/digest.hpp"
#include "sync/journal/epochs.hpp"
#include "sync/seal/chain.hpp"
#include "sync/seal/key_change.hpp"

namespace journal {
namespace {

constexpr const char* chains_sql =
    "SELECT epoch, base, first, seq, leaf, reason, base_position, key_change FROM chain "
    "ORDER BY epoch";
constexpr const char* plain_chains_sql =
    "SELECT epoch, base, first, seq, leaf, 0, 0, '' FROM chain ORDER BY epoch";
constexpr const char* records_sql =
    "SELECT position, epoch, seq, kind, protective, leaf, header, scopes, jwe, head, "
    "jwe <> '' OR EXISTS(SELECT 1 FROM receipt q WHERE q.position = r.position AND lane = 0 AND "
    "proven > 0) OR EXISTS(SELECT 1 FROM receipt_given_up g WHERE g.position = r.position AND "
    "lane = 0 AND proven > 0) OR EXISTS(SELECT 1 FROM moved m WHERE m.position = r.position) "
    // Its content went where it stood before.
    "OR EXISTS(SELECT 1 FROM moved m WHERE m.successor = r.position AND ("
    "EXISTS(SELECT 1 FROM receipt q WHERE q.position = m.position AND lane = 0 AND proven > 0) OR "
    "EXISTS(SELECT 1 FROM receipt_given_up g WHERE g.position = m.position AND lane = 0 AND "
    "proven > 0))) FROM record r ORDER BY position";
// Before version 5 a terminal knew one log only.
constexpr const char* one_log_records_sql =
    "SELECT position, epoch, seq, kind, protective, leaf, header, scopes, jwe, head, "
    "jwe <> '' OR EXISTS(SELECT 1 FROM receipt q WHERE q.position = r.position AND lane = 0 AND "
    "proven > 0) OR EXISTS(SELECT 1 FROM moved m WHERE m.position = r.position) "
    "FROM record r ORDER BY position";
// Before version 3 no content ever went.
constexpr const char* whole_records_sql =
    "SELECT position, epoch, seq, kind, protective, leaf, header, scopes, jwe, head, jwe <> '' "
    "FROM record ORDER BY position";
constexpr const char* file_version_sql = "PRAGMA user_version";
constexpr std::uint64_t version_with_proofs = 3;
constexpr std::uint64_t version_with_logs = 5;

struct ChainRow {
    std::uint64_t epoch = 0;
    model::Digest base{};
    std::uint64_t first = 0;
    std::uint64_t seq = 0;
    model::Digest leaf{};
    EpochReason reason = EpochReason::first;
    std::uint64_t base_position = 0;
    std::string key_change;
};

struct RecordRow {
    std::uint64_t position = 0;
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    std::uint64_t kind = 0;
    std::uint64_t is_protective = 0;
    base::Bytes leaf;
    model::Record record;
    std::string head;
    std::uint64_t may_be_compacted = 0;
};

model::Digest digest_of(const base::Bytes& bytes) {
    model::Digest out{};
    if (bytes.size() == out.size()) std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

RecordRow read_row(const Query& query) {
    return {query.number(0),
            query.number(1),
            query.number(2),
            query.number(3),
            query.number(4),
            query.blob(5),
            {query.blob(6), query.blob(7), query.text(8)},
            query.text(9),
            query.number(10)};
}

/// What is left of a record whose sealed bytes have gone: the header says which they were.
base::Result<seal::CheckedRecord> check_rest(const model::Record& record) {
    TRY(header, model::parse_header(record.header));
    if (!record.scopes.empty() && crypto::sha256(record.scopes) != header.scopes_sha256) {
        return base::fail(base::Errc::record_bad, "scopes hash");
    }
    return seal::CheckedRecord{header, {}, seal::leaf_hash(record.header)};
}

/// Walks through the rows; every step compares one row with what the rows before it promise.
class Walk {
  public:
    Walk(const ChainExpectation& expected, Signatures signatures, std::vector<ChainRow> chains)
        : expected_(expected), signatures_(signatures), chains_(std::move(chains)) {
        state_.keys.push_back(expected.journal_key);
    }

    /// The name of what does not fit, or nullptr.
    const char* step(const RecordRow& row) {
        if (row.position != state_.rows + 1) return "row_missing";
        if (const char* broken = enter_epochs_up_to(row.epoch)) return broken;
        if (chains_[chain_].epoch != row.epoch) return "epoch";
        const ChainRow& chain = chains_[chain_];
        EpochReport& report = state_.epochs.back();
        if (row.seq != report.rows + 1 || row.seq > chain.seq) return "row_missing";
        if (row.may_be_compacted == 0) return "content_missing";
        const auto checked =
            row.record.jwe.empty() ? check_rest(row.record) : seal::check_record(row.record);
        if (!checked) return checked.error().where;
        if (const char* broken = header_fits(checked->header, row)) return broken;
        if (checked->header.prev != report.head) return "prev";
        if (!base::equal(row.leaf, checked->leaf)) return "leaf";
        if (const char* broken = head_fits(row, checked->leaf, row.seq == chain.seq)) return broken;
        remember_base(row.position, checked->leaf);
        state_.rows = row.position;
        report.rows = row.seq;
        report.head = checked->leaf;
        return nullptr;
    }

    /// After the last row: is the tail of every epoch there?
    const char* finish() {
        if (chains_.empty()) return "chain_missing";
        if (const char* broken = enter_epochs_up_to(chains_.back().epoch)) return broken;
        return tail_fits();
    }

    ChainState& state() { return state_; }

  private:
    /// The newest leaf of the epoch that is being left is the one that the chain table names.
    const char* tail_fits() const {
        const ChainRow& chain = chains_[chain_];
        const EpochReport& report = state_.epochs.back();
        if (report.rows != chain.seq) return "row_missing";
        return report.head == chain.leaf ? nullptr : "chain_head";
    }

    /// An epoch may be empty, so more than one may begin between two rows.
    const char* enter_epochs_up_to(std::uint64_t epoch) {
        if (chains_.empty()) return "chain_missing";
        if (state_.epochs.empty()) enter(0);
        while (chains_[chain_].epoch < epoch && chain_ + 1 < chains_.size()) {
            if (const char* broken = tail_fits()) return broken;
            const ChainRow& next = chains_[chain_ + 1];
            if (next.base != base_of(next)) return "epoch_base";
            if (next.first != state_.rows + 1) return "epoch_first";
            if (!next.key_change.empty() && !change_key(next)) return "key_change";
            enter(chain_ + 1);
        }
        return nullptr;
    }

    void enter(std::size_t index) {
        chain_ = index;
        const ChainRow& chain = chains_[index];
        state_.epochs.push_back({static_cast<std::uint32_t>(chain.epoch), 0, chain.base});
        // Rows that are chained anew keep what they knew when they were recorded.
        if (chain.reason != EpochReason::foreign_head) return;
        observed_ = 0;
        floor_ms_ = 0;
    }

    /// What an epoch must name: the last row, or for one that leaves rows behind the row that it
    /// says, or none.
    [[nodiscard]] model::Digest base_of(const ChainRow& chain) const {
        if (chain.reason != EpochReason::foreign_head) return state_.epochs.back().head;
        const auto found = bases_.find(chain.base_position);
        return found == bases_.end() ? model::Digest{} : found->second;
    }

    void remember_base(std::uint64_t position, const model::Digest& leaf) {
        for (const ChainRow& chain : chains_) {
            if (chain.base_position == position) bases_[position] = leaf;
        }
    }

    bool change_key(const ChainRow& chain) {
        const auto change = seal::verify_key_change(chain.key_change, state_.keys.back());
        if (!change || change->terminal != expected_.terminal || change->epoch != chain.epoch)
            return false;
        state_.keys.push_back(change->key);
        return true;
    }

    const char* header_fits(const model::Header& header, const RecordRow& row) {
        const model::RecordKey key{expected_.terminal, static_cast<std::uint32_t>(row.epoch),
                                   row.seq};
        if (header.key != key) return "header_position";
        if (static_cast<std::uint64_t>(header.kind) != row.kind) return "header_kind";
        if (model::is_protective(header.kind) != (row.is_protective == 1)) return "header_kind";
        if (header.observed < observed_ || header.observed > expected_.observed_max) {
            return "observed";
        }
        if (header.time.floor_ms < floor_ms_) return "floor";
        observed_ = header.observed;
        floor_ms_ = header.time.floor_ms;
        state_.floor_ms = std::max(state_.floor_ms, floor_ms_);
        return nullptr;
    }

    const char* head_fits(const RecordRow& row, const model::Digest& leaf, bool newest) const {
        const bool with_signature = newest || signatures_ == Signatures::all;
        const auto head = with_signature ? seal::verify_head(row.head, state_.keys.back())
                                         : seal::parse_head(row.head);
        if (!head)
            return head.error().code == base::Errc::signature_bad ? "head_signature" : "head";
        const model::RecordKey key{expected_.terminal, static_cast<std::uint32_t>(row.epoch),
                                   row.seq};
        return head->key == key && head->leaf == leaf ? nullptr : "head";
    }

    const ChainExpectation& expected_;
    Signatures signatures_;
    std::vector<ChainRow> chains_;
    std::size_t chain_ = 0;
    std::uint64_t observed_ = 0;
    std::uint64_t floor_ms_ = 0;
    std::map<std::uint64_t, model::Digest> bases_;
    ChainState state_;
};

base::Result<std::vector<ChainRow>> read_chains(Database& db, const char* sql) {
    std::vector<ChainRow> out;
    TRY(query, db.query(sql));
    for (;;) {
        TRY(row, query.step());
        if (!row) return out;
        out.push_back({query.number(0), digest_of(query.blob(1)), query.number(2), query.number(3),
                       digest_of(query.blob(4)), static_cast<EpochReason>(query.number(5)),
                       query.number(6), query.text(7)});
    }
}

const char* records_sql_of(std::uint64_t version) {
    if (version < version_with_proofs) return whole_records_sql;
    return version < version_with_logs ? one_log_records_sql : records_sql;
}

}  // namespace

base::Result<ChainState> check_chain(Database& db, const ChainExpectation& expected,
                                     Signatures signatures) {
    TRY(version, db.number(file_version_sql));
    const bool plain = version < version_with_proofs;
    TRY(chains, read_chains(db, plain ? plain_chains_sql : chains_sql));
    Walk walk(expected, signatures, std::move(chains));
    TRY(query, db.query(records_sql_of(version)));
    for (;;) {
        TRY(row, query.step());
        const RecordRow record = row ? read_row(query) : RecordRow{};
        const char* broken = row ? walk.step(record) : walk.finish();
        ChainState& state = walk.state();
        if (broken != nullptr) {
            const std::uint64_t rows = state.epochs.empty() ? 0 : state.epochs.back().rows;
            const std::uint32_t epoch = state.epochs.empty() ? 0 : state.epochs.back().epoch;
            state.broken = Broken{epoch, rows + 1, broken};
        }
        if (!row || broken != nullptr) return std::move(state);
    }
}

}  // namespace journal
