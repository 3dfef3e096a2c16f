// SPDX-License-Identifier: EUPL-1.2
// The rows behind FIT-Connect: which change of which authority is how far on its way. A row is made
// once for each change and is kept until the recipient's signed word is there; then only the fact
// remains. Sealed texts are stored, so that a repeated PUT has the same bytes. Runs on the thread
// of its store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/uuid.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

/// due: nothing at the other side counts. announced: it has an id there, and the sealed texts are
/// here. sent: the other side has the texts. accepted: the recipient has said so, signed.
enum class SubmissionState : std::uint8_t { due = 0, announced = 1, sent = 2, accepted = 3 };

struct Submission {
    std::string authority;
    std::uint64_t n = 0;  ///< number of the change
    base::Uuid declaration;
    std::string token;  ///< the change as a signed SET
    SubmissionState state = SubmissionState::due;
    std::optional<base::Uuid> submission;
    std::optional<base::Uuid> case_id;
    std::string metadata;
    std::string data;
    std::uint64_t announced_ms = 0;
    std::uint64_t sent_ms = 0;
    std::uint64_t tries = 0;  ///< failures since the last step forward
    std::uint64_t refusals = 0;
    std::uint64_t claimed_until_ms = 0;
};

/// Makes rows for changes of this authority that have none yet, at most fit_step_rows_max.
base::Result<void> enqueue_changes(Store& store, std::string_view authority, std::uint64_t now_ms);
/// Takes rows whose time has come, oldest first; nobody else gets them until `claimed_until_ms`.
base::Result<std::vector<Submission>> claim_due(Store& store, std::uint64_t now_ms,
                                                std::uint64_t claimed_until_ms);
/// Writes a row back; it is looked at again at `next_ms`. Nothing happens if somebody else has it
/// by now because our claim was over: what we did meanwhile then counts for nothing.
base::Result<void> store_submission(Store& store, const Submission& row, std::uint64_t next_ms);

struct SubmissionCounts {
    std::uint64_t waiting = 0;  ///< not yet accepted
    std::uint64_t refused = 0;  ///< of these, refused by the recipient at least once
    std::uint64_t accepted = 0;
};
base::Result<SubmissionCounts> count_submissions(Store& store);

}  // namespace backend
