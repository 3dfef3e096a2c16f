// SPDX-License-Identifier: EUPL-1.2
// Does the chain hold? Reads every row in order and names the first place that does not fit. Used
// at every start of the journal and by the technician's tool. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "drivers/crypto/ec.hpp"
#include "sync/journal/database.hpp"
#include "sync/journal/verify.hpp"

namespace journal {

/// newest   the signature under the newest leaf of each epoch; the hashes below it hang on that.
///          One verification takes 1 ms, so this is what a start can afford.
/// all      every row's signature.
enum class Signatures : std::uint8_t { newest, all };

struct ChainExpectation {
    base::Uuid terminal;
    crypto::Point journal_key;       ///< the first one; later ones are named by those before
    std::uint64_t observed_max = 0;  ///< no record may claim to have seen more (I9)
};
struct ChainState {
    std::vector<EpochReport> epochs;
    std::uint64_t rows = 0;
    std::uint64_t floor_ms = 0;       ///< of the newest record
    std::vector<crypto::Point> keys;  ///< the journal keys, the first one first
    std::optional<Broken> broken;
};
/// errors  journal_io. A chain that does not hold is an answer, not an error.
base::Result<ChainState> check_chain(Database& db, const ChainExpectation& expected,
                                     Signatures signatures);

}  // namespace journal
