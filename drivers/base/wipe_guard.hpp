// SPDX-License-Identifier: EUPL-1.2
// Wipes bytes that held a secret on every way out of a block, also where the next step fails.
#pragma once

#include "drivers/base/secret.hpp"

namespace base {

class [[nodiscard]] WipeGuard {
  public:
    /// bytes  outlive the guard.
    explicit WipeGuard(Bytes& bytes) : bytes_(bytes) {}
    ~WipeGuard() { wipe(bytes_); }
    WipeGuard(const WipeGuard&) = delete;
    WipeGuard& operator=(const WipeGuard&) = delete;

  private:
    Bytes& bytes_;
};

}  // namespace base
