// SPDX-License-Identifier: EUPL-1.2
// The backend's log as a terminal meets it in tests: leaves in memory, signed checkpoints, proofs.
// It can be made to lie. One thread.
#pragma once

#include <string>
#include <vector>

#include "sync/receipts/checkpoint.hpp"
#include "tests/fakes/journal_world.hpp"

namespace fakes {

class BackendLog final : public receipts::NodeSource {
  public:
    /// `salt` makes another history of the same length.
    explicit BackendLog(std::uint8_t salt = 0) : salt_(salt) {}
    /// Leaves of nobody up to this size.
    void grow(std::uint64_t size);
    /// The same beginning as `other`, then its own way.
    void branch_off(const BackendLog& other, std::uint64_t size);
    /// What this world's receipts have put into the log so far, each at its place.
    void take_over(const JournalWorld& world);

    base::Result<std::vector<receipts::Hash>> nodes(unsigned level, std::uint64_t first,
                                                    std::uint64_t count) override;
    [[nodiscard]] std::uint64_t size() const { return leaves_.size(); }
    receipts::Proof proof(std::uint64_t from, std::uint64_t to);
    journal::InclusionClaim inclusion(std::uint64_t index, std::uint64_t size);
    std::string note(JournalWorld& world, std::uint64_t size,
                     const std::string& origin = "urn:test");
    std::string sign(JournalWorld& world, const crypto::KeyPair& key, std::uint64_t size,
                     const std::string& origin);

    /// Lets the journal follow to the present size. `seen`: what it has followed so far.
    base::Result<void> show(JournalWorld& world, journal::Journal& journal);
    /// Hands in every proof that the journal asks for; how many it took.
    std::size_t prove_all(journal::Journal& journal);

  private:
    std::uint8_t salt_;
    std::vector<receipts::Hash> leaves_;
};

/// All that happens between a terminal and its backend until nothing is left to do: batches,
/// receipts, the log, proofs.
void settle(JournalWorld& world, journal::Journal& journal, BackendLog& log,
            std::uint64_t issued_s = 1'764'000'100);

}  // namespace fakes
