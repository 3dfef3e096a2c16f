// SPDX-License-Identifier: EUPL-1.2
// What the kiosk offers to syncd: the real journal, watched.
#include <algorithm>

#include "drivers/base/check.hpp"
#include "sync/model/batch.hpp"
#include "sync/receipts/checkpoint.hpp"
#include "tests/sim/device.hpp"
#include "tests/sim/device_seams.hpp"
#include "tests/sim/line.hpp"

namespace sim {
namespace {

/// A small stick.
constexpr std::size_t stick_bodies_max = 4;

auto absent() {
    return base::fail(base::Errc::network_unreachable, "kiosk absent");
}

bool has_others(const std::string& body) {
    const auto batch = model::parse_batch(body);
    return batch && std::ranges::any_of(batch->records, [](const model::Record& record) {
               const auto header = model::parse_header(record.header);
               return header && !model::is_protective(header->kind);
           });
}

}  // namespace

base::Result<std::string> Device::next_batch() {
    if (!journal_) return absent();
    TRY(body, journal_->next_batch(context_.batch_records(number())));
    switch (context_.mutant) {
        case Mutant::starve_grants:
            return has_others(body) ? std::string() : std::move(body);
        case Mutant::drop_on_reject: {
            const auto batch = model::parse_batch(body);
            const auto dropped = model::parse_batch(dropped_body_);
            const bool refused =
                batch && dropped && batch->epoch == dropped->epoch && batch->from <= dropped->to;
            return refused ? std::string() : std::move(body);
        }
        case Mutant::spool_over_journal:
            if (dropped_body_.empty()) dropped_body_ = body;
            return dropped_body_;
        default:
            return std::move(body);
    }
}

base::Result<std::string> Device::next_advance() {
    if (!journal_) return absent();
    rows_at_advance_ = start_.rows;
    spool_spoiled_ = false;
    if (context_.mutant == Mutant::no_fast_lane) return std::string();
    return journal_->next_advance();
}

std::vector<std::string> Device::stick_bodies(outbox::Lane lane) {
    std::vector<std::string> bodies;
    journal::Behind behind;
    while (journal_ && bodies.size() < stick_bodies_max) {
        const bool ahead = lane == outbox::Lane::advance;
        auto body = ahead ? journal_->advance_after(behind)
                          : journal_->batch_after(behind, context_.batch_records(number()));
        if (!body || body->empty()) break;
        if (ahead) {
            const auto advance = model::parse_advance(*body);
            const auto last = model::parse_header(advance->copies.back().record.header);
            behind = {last->key.epoch, last->key.seq};
        } else {
            const auto batch = model::parse_batch(*body);
            behind = {batch->epoch, batch->to};
        }
        bodies.push_back(std::move(*body));
    }
    return bodies;
}

base::Result<void> Device::store_receipt(std::string_view set) {
    if (!journal_ || !settle_move()) return absent();
    std::string text(set);
    if (context_.mutant == Mutant::receipt_not_bound) text = rewritten(set);
    TRY_VOID(journal_->store_receipt(text));
    watch_floor();
    return keep_receipt(text);
}

/// Into the ledger what the journal has believed.
base::Result<void> Device::keep_receipt(std::string_view set) {
    const auto receipt = receipts::verify(set, keys_.receipts, start_.identity.terminal);
    CHECK(receipt.has_value());
    start_.signed_ms = std::max(start_.signed_ms, receipt->issued_s * 1'000);
    const auto& received = std::get<receipts::Received>(receipt->event);
    for (const receipts::ReceivedRecord& record : received.records) {
        context_.ledger.receipts.push_back({number(),
                                            {start_.identity.terminal, received.epoch, record.seq},
                                            record.leaf,
                                            record.log_index,
                                            received.lane == receipts::Lane::chain,
                                            receipts::log_generation(receipt->issuer)});
    }
    dropped_body_.clear();
    return {};
}

/// Mutant: whatever the receipt says of the bytes, it is taken for ours.
std::string Device::rewritten(std::string_view set) {
    auto receipt = receipts::verify(set, keys_.receipts, start_.identity.terminal);
    auto body = journal_->next_batch(limits::batch_records_max);
    if (!receipt || !body || body->empty()) return std::string(set);
    auto* received = std::get_if<receipts::Received>(&receipt->event);
    const auto batch = model::parse_batch(*body);
    if (received == nullptr || !batch || batch->epoch != received->epoch) return std::string(set);
    for (receipts::ReceivedRecord& record : received->records) {
        if (record.seq < batch->from || record.seq > batch->to) continue;
        const auto own = seal::check_record(batch->records.at(record.seq - batch->from));
        if (!own) continue;  // its content has gone
        record.leaf = own->leaf;
        record.jwe_sha256 = own->header.jwe_sha256;
    }
    seal::PairSigner signer(*keys_.receipt_signer, random_);
    auto changed = receipts::sign(*receipt, "receipt", signer);
    CHECK(changed.has_value());
    return std::move(*changed);
}

base::Result<void> Device::store_event(std::uint64_t n, std::string_view set) {
    if (!journal_) return absent();
    TRY_VOID(journal_->store_event(n, set));
    watch_floor();
    return {};
}

base::Result<std::uint64_t> Device::event_cursor() {
    if (!journal_) return absent();
    return journal_->event_cursor();
}

base::Result<std::uint64_t> Device::log_size() {
    if (!journal_) return absent();
    return journal_->log_size();
}

base::Result<void> Device::hear_chains(const std::vector<outbox::ChainStand>& chains) {
    if (!journal_) return absent();
    std::vector<journal::ChainStand> stands;
    for (const auto& chain : chains) stands.push_back({chain.epoch, chain.next_seq, chain.head});
    if (!settle_move()) return absent();
    const auto heard = journal_->hear_chains(stands);
    may_have_moved_ = true;
    (void)settle_move();  // if not now, then before the next change
    return heard;
}

base::Result<outbox::Unproven> Device::unproven() {
    if (!journal_) return absent();
    TRY(places, journal_->unproven());
    return outbox::Unproven{places.size, std::move(places.indexes)};
}

base::Result<void> Device::store_inclusion(const outbox::StoreInclusion& claim) {
    if (!journal_) return absent();
    const auto stored =
        journal_->store_inclusion({claim.index, claim.size, receipts::hashes_of(claim.leaf).at(0),
                                   receipts::hashes_of(claim.proof)});
    if (!stored && stored.error().code == base::Errc::fork_detected) log_suspected = true;
    return stored;
}

void Device::compact() {
    if (!journal_) return;
    (void)journal_->compact(4).has_value();  // a disk that fails is asked again
    if (disk_->dead()) power_cut();
}

base::Result<void> Device::store_checkpoint(std::string_view note, base::ByteView proof) {
    if (!journal_) return absent();
    const auto checkpoint = receipts::verify_checkpoint(note, keys_.receipts);
    const auto stored = journal_->store_checkpoint(note, receipts::hashes_of(proof));
    if (!stored) {
        // It was verified before the disk failed, and may be on it.
        const bool refused_by_disk = disk_->dead() || stored.error().code == base::Errc::journal_io;
        if (refused_by_disk && checkpoint) {
            const auto generation = receipts::log_generation(checkpoint->origin);
            auto& perhaps = start_.claim_perhaps;
            perhaps = std::max(perhaps, model::observed_claim(generation, checkpoint->head.size));
        }
        context_.trace.note("device " + std::to_string(number()) +
                            " refuses a checkpoint: " + stored.error().where);
        const bool about_log = stored.error().code == base::Errc::sequence_gap ||
                               stored.error().code == base::Errc::fork_detected ||
                               stored.error().code == base::Errc::receipt_bad;
        if (about_log) log_suspected = true;
        return stored;
    }
    CHECK(checkpoint.has_value());
    begin_log(receipts::log_generation(checkpoint->origin));
    start_.verified = std::max(start_.verified, checkpoint->head.size);
    context_.ledger.checkpoints.push_back({number(), checkpoint->head.size, checkpoint->head.root,
                                           receipts::log_generation(checkpoint->origin)});
    return {};
}

void Device::follow_log(const std::string& name) {
    if (!journal_) return;
    const auto followed = journal_->follow_log({name, {}});
    context_.trace.note("device " + std::to_string(number()) +
                        (followed ? " follows " : " does not follow ") + name);
    auto& perhaps = start_.claim_perhaps;
    perhaps = std::max(perhaps, model::observed_claim(receipts::log_generation(name), 0));
    if (disk_->dead()) return power_cut();
    if (followed) begin_log(receipts::log_generation(name));
}

/// Nothing of a log that is followed from now on is verified.
void Device::begin_log(std::uint32_t generation) {
    if (generation <= start_.generation) return;
    start_.generation = generation;
    start_.verified = 0;
}

void Device::spoil_spool() {
    if (syncd_busy_) return;
    kill_syncd();
    spool_spoiled_ = true;
    spoil_folder(folder_, context_.dice);
    if (context_.mutant == Mutant::spool_over_journal && !dropped_body_.empty()) {
        dropped_body_.resize(dropped_body_.size() / 2);
    }
}

}  // namespace sim
