// SPDX-License-Identifier: EUPL-1.2
// A terminal without a reader for slips: no code ever comes, and whoever asks need not ask again.
// Any thread.
#pragma once

#include "drivers/port/slip_reader.hpp"

namespace none {

class SlipReader final : public port::SlipReader {
  public:
    std::optional<port::ScannedCode> next() override { return std::nullopt; }
    void cancel() override {}
};

}  // namespace none
