// SPDX-License-Identifier: EUPL-1.2
// The evidence check of a journal file, for technicians and tests: every row, every hash, every
// signature. Works on a private copy, so the file under examination is never changed. One call, any
// thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "sync/journal/alarms.hpp"
#include "sync/model/record.hpp"

namespace journal {

struct EpochReport {
    std::uint32_t epoch = 1;
    std::uint64_t rows = 0;
    model::Digest head{};
};
struct Broken {
    std::uint32_t epoch = 0;
    std::uint64_t seq = 0;
    const char* what = "";  ///< a fixed word: row_missing, prev, leaf, head_signature ...
};
struct Report {
    base::Uuid terminal;
    std::uint64_t rows = 0;
    std::uint64_t receipts = 0;  ///< rows with a verified receipt
    std::uint64_t views = 0;
    std::uint64_t compacted = 0;  ///< rows whose sealed bytes have gone, by the rules
    std::uint64_t keys = 1;       ///< journal keys, one after the other
    std::vector<EpochReport> epochs;
    std::uint32_t newest_epoch = 0;  ///< also of heads that another machine made with our key
    std::optional<Broken> broken;    ///< the first place that does not fit
    std::vector<Alarm> alarms;       ///< not settled, by kind; empty if broken
};

/// journal_key   must be one of the keys that have signed; nothing: the file names its own.
/// errors        journal_open_failed, journal_schema_unknown, journal_locked (a program has it
///               open), file_io.
base::Result<Report> verify_file(const std::filesystem::path& path,
                                 const std::optional<crypto::Point>& journal_key);

/// The signed checkpoint of the backend's log that this journal has verified last, for somebody to
/// compare with what others were shown. errors: as verify_file; receipt_bad (none yet).
base::Result<std::string> held_checkpoint(const std::filesystem::path& path);

/// Those of the logs that were given up since, the oldest first: what shows that this backend had
/// signed more than its backup knew. errors: as verify_file.
base::Result<std::vector<std::string>> given_up_checkpoints(const std::filesystem::path& path);

}  // namespace journal
