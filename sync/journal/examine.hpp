// SPDX-License-Identifier: EUPL-1.2
// Looking into a journal file without touching it: a private copy that vanishes again. Private to
// this folder. One call, any thread.
#pragma once

#include <filesystem>

#include "drivers/base/result.hpp"
#include "sync/journal/database.hpp"

namespace journal {

/// A folder of our own that vanishes with everything in it.
class PrivateFolder {
  public:
    static base::Result<PrivateFolder> make();
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;
    PrivateFolder(PrivateFolder&& other) noexcept;
    PrivateFolder& operator=(PrivateFolder&&) = delete;
    ~PrivateFolder();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    explicit PrivateFolder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

/// Copies the journal into the folder and opens the copy.
/// errors  file_io, journal_locked (a program has it open), journal_open_failed.
base::Result<Database> open_copy(const std::filesystem::path& journal, const PrivateFolder& folder);

}  // namespace journal
