// SPDX-License-Identifier: EUPL-1.2
// Disk space set aside beside the journal, so that a withdrawal goes through when the disk is full.
// As long as the reserve is whole, everything is recorded; once it has been given away, grants are
// refused until it can be set aside again. One thread.
#pragma once

#include <cstdint>
#include <filesystem>

namespace journal {

class Reserve {
  public:
    /// bytes   0 = no reserve is kept (always whole).
    Reserve(std::filesystem::path path, std::uint64_t bytes);
    /// Sets the space aside if it is not; true if it is whole afterwards. Blocks for one fsync.
    bool set_aside();
    /// Gives the space back to the file system.
    void give_away();
    [[nodiscard]] bool whole() const { return whole_; }

  private:
    std::filesystem::path path_;
    std::uint64_t bytes_;
    bool whole_;
};

}  // namespace journal
