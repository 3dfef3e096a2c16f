// SPDX-License-Identifier: EUPL-1.2
// Fills one terminal's folder on a stick so that a power cut or a pulled stick leaves it complete
// or visibly unfinished: the old manifest goes first, each file is written under another name,
// synced and renamed, and the new manifest comes when all of them are on the stick. One thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/port/usb_store.hpp"
#include "sync/courier/manifest.hpp"

namespace courier {

class FolderWriter {
  public:
    /// stick outlives the writer.
    FolderWriter(port::UsbStore& stick, Direction direction, const base::Uuid& terminal)
        : stick_(stick), direction_(direction), terminal_(terminal) {}

    /// Takes away what an earlier round left. What is not ours stays.
    /// errors (all calls)  those of port::UsbStore; after one the folder has no manifest.
    base::Result<void> begin();
    /// Puts one file down. Names ascend (CHECKed), at most courier_files_max.
    base::Result<void> add(const FileName& name, std::string_view bytes);
    [[nodiscard]] const std::vector<ManifestFile>& files() const { return files_; }
    /// Puts the manifest down, then reads everything back.
    /// errors  device_failed: the stick gives back other bytes than it took.
    base::Result<void> finish(std::string_view manifest);

  private:
    base::Result<void> put(std::string_view name, std::string_view bytes);
    base::Result<void> read_back(std::string_view manifest);
    [[nodiscard]] std::string path_of(std::string_view name) const;

    port::UsbStore& stick_;
    Direction direction_;
    base::Uuid terminal_;
    std::vector<ManifestFile> files_;
};

}  // namespace courier
