// SPDX-License-Identifier: EUPL-1.2
// What a stolen terminal had on it, for the notice to the supervisory authority (Art. 33 GDPR):
// how many records, from when to when, and nothing of what they say. Works on a copy or a backup of
// the journal, with no key. One call, any thread.
#pragma once

#include <cstdint>
#include <filesystem>

#include "drivers/base/result.hpp"
#include "drivers/base/uuid.hpp"

namespace journal {

struct TheftReport {
    base::Uuid terminal;
    std::uint64_t records = 0;  ///< places in the chain: header and hash
    std::uint64_t sealed = 0;   ///< of these with sealed content, which only the backend opens
    std::uint64_t unsent = 0;   ///< of these that the backend has not got: lost with the device
    std::uint64_t copies = 0;   ///< citizens' own copies, each opens only with their card
    std::uint64_t people = 0;   ///< whose copies these are, by an index that names nobody
    std::uint64_t events = 0;   ///< what authorities did, by declaration number
    std::uint64_t from_ms = 0;  ///< of the first and the last record, by the terminal's clock
    std::uint64_t to_ms = 0;
};
/// errors  as verify_file.
base::Result<TheftReport> theft_report(const std::filesystem::path& path);

}  // namespace journal
