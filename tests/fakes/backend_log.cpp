// SPDX-License-Identifier: EUPL-1.2
#include "tests/fakes/backend_log.hpp"

#include "drivers/base/check.hpp"
#include "sync/seal/jws.hpp"

namespace fakes {

using receipts::Hash;

void BackendLog::grow(std::uint64_t size) {
    while (leaves_.size() < size) {
        const std::uint8_t entry[] = {salt_, static_cast<std::uint8_t>(leaves_.size())};
        leaves_.push_back(receipts::leaf_hash(entry));
    }
}

void BackendLog::branch_off(const BackendLog& other, std::uint64_t size) {
    leaves_.assign(other.leaves_.begin(),
                   other.leaves_.begin() + static_cast<std::ptrdiff_t>(size));
}

void BackendLog::take_over(const JournalWorld& world) {
    for (const auto& [leaf, index] : world.log_places) {
        grow(index + 1);
        leaves_.at(index) = leaf;
    }
}

base::Result<std::vector<Hash>> BackendLog::nodes(unsigned level, std::uint64_t first,
                                                  std::uint64_t count) {
    const std::uint64_t width = std::uint64_t{1} << 8 * level;
    std::vector<Hash> out;
    for (std::uint64_t n = first; n < first + count; ++n)
        out.push_back(receipts::tree_hash(std::span(leaves_).subspan(n * width, width)));
    return out;
}

receipts::Proof BackendLog::proof(std::uint64_t from, std::uint64_t to) {
    return receipts::prove_consistency(*this, from, to).value();
}

journal::InclusionClaim BackendLog::inclusion(std::uint64_t index, std::uint64_t size) {
    return {index, size, leaves_.at(index), receipts::prove_inclusion(*this, index, size).value()};
}

std::string BackendLog::note(JournalWorld& world, std::uint64_t size, const std::string& origin) {
    return sign(world, world.receipt, size, origin);
}

std::string BackendLog::sign(JournalWorld& world, const crypto::KeyPair& key, std::uint64_t size,
                             const std::string& origin) {
    seal::PairSigner signer(key, world.random);
    const auto root = receipts::root_of(*this, size).value();
    return receipts::sign_checkpoint({origin, {size, root}}, key.point, signer).value();
}

base::Result<void> BackendLog::show(JournalWorld& world, journal::Journal& journal) {
    TRY(seen, journal.log_size());
    return journal.store_checkpoint(note(world, size()), proof(seen, size()));
}

std::size_t BackendLog::prove_all(journal::Journal& journal) {
    std::size_t taken = 0;
    for (;;) {
        const auto wanted = journal.unproven();
        if (!wanted || wanted->indexes.empty()) return taken;
        for (const std::uint64_t index : wanted->indexes) {
            if (!journal.store_inclusion(inclusion(index, wanted->size))) return taken;
            ++taken;
        }
    }
}

void settle(JournalWorld& world, journal::Journal& journal, BackendLog& log,
            std::uint64_t issued_s) {
    for (;;) {
        const auto body = journal.next_batch(50);
        CHECK(body.has_value());
        if (body->empty()) break;
        CHECK(journal.store_receipt(world.receipt_for_batch(*body, issued_s)).has_value());
    }
    log.take_over(world);
    CHECK(log.show(world, journal).has_value());
    log.prove_all(journal);
}

}  // namespace fakes
