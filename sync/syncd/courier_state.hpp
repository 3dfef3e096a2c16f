// SPDX-License-Identifier: EUPL-1.2
// What syncd remembers of its sticks: which requests were used, so that two people's agreement is
// good for one export, and which export came last and how far it is. A file in the spool; lost or
// damaged it costs a renewed agreement at most. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/base/uuid.hpp"
#include "drivers/crypto/digest.hpp"

namespace syncd {

/// written   on the stick, read back once; the mount unit may unmount and mount it now
/// verified  read back again after that: the stick may travel
enum class ExportState : std::uint8_t { none, written, verified };
[[nodiscard]] std::string_view word(ExportState state);

class CourierState {
  public:
    /// Reads `path`; a file that is missing or damaged reads as nothing remembered.
    explicit CourierState(std::string path);

    [[nodiscard]] bool was_used(const base::Uuid& request) const;
    /// Durable when it returns; called before the export begins. errors: file_io.
    base::Result<void> use(const base::Uuid& request);
    [[nodiscard]] ExportState state() const { return state_; }
    [[nodiscard]] const crypto::Sha256Digest& manifest() const { return manifest_; }
    base::Result<void> set_export(ExportState state, const crypto::Sha256Digest& manifest);

  private:
    void read();
    base::Result<void> write();

    std::string path_;
    std::vector<base::Uuid> used_;  ///< oldest first
    ExportState state_ = ExportState::none;
    crypto::Sha256Digest manifest_{};
};

}  // namespace syncd
