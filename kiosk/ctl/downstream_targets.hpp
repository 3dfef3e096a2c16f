// SPDX-License-Identifier: EUPL-1.2
// The list of a manifest as a publisher changes it: put a file in, at once or at a date, drop one,
// and let what has come of age take its place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "sync/downstream/manifest.hpp"

namespace ctl {

/// What came into force since the last manifest takes the place of what was there before.
void promote(std::vector<downstream::Target>& targets, std::uint64_t now_ms);
/// `KIND` or `KIND/NAME`; false if nothing is so called.
bool drop(std::vector<downstream::Target>& targets, std::string_view word);
/// `KIND[:TERMINAL]=FILE[@YYYY-MM-DD]`: checks the file as what it claims to be, copies it into
/// `folder` under its digest, and enters it. Without a date it replaces all of its place; a block
/// list comes with deltas from those it replaces.
/// errors  config_bad (the word), manifest_bad or config_bad or certificate_bad (the file),
/// file_io.
base::Result<void> put(std::vector<downstream::Target>& targets, std::string_view word,
                       const std::filesystem::path& folder);

}  // namespace ctl
