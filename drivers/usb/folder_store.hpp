// SPDX-License-Identifier: EUPL-1.2
// A mounted stick behind port/usb_store.hpp. Believes nothing that lies there: every name is looked
// up below an open folder, nothing is followed, what is opened is looked at again once it is open,
// and the bytes that were checked are those that are used.
#pragma once

#include <string>

#include "drivers/port/usb_store.hpp"
#include "drivers/usb/place.hpp"

namespace usb {

/// stick   the folder must be where a file system is mounted: without that, an export with no
///         stick in it would fill the device's own disk and be taken for one that travels.
/// any     any folder (tests, and a back office that copies sticks first).
enum class Mount : std::uint8_t { stick, any };

class FolderStore final : public port::UsbStore {
  public:
    /// Opens the root of a stick. errors: device_absent (nothing mounted there), file_io.
    static base::Result<FolderStore> open(const std::string& path, Mount mount);

    base::Result<Listing> list(std::string_view folder) override;
    base::Result<std::string> read(std::string_view path, std::size_t bytes_max) override;
    base::Result<void> write(std::string_view path, std::string_view bytes) override;
    base::Result<void> rename(std::string_view path, std::string_view name) override;
    base::Result<void> remove(std::string_view path) override;
    base::Result<void> sync(std::string_view folder) override;

  private:
    explicit FolderStore(Root root) : root_(std::move(root)) {}

    /// The folder that a file stands in, and its name there.
    struct Place {
        Descriptor folder;
        std::string name;
    };
    base::Result<Place> place_of(std::string_view path, Missing missing);

    Root root_;
};

}  // namespace usb
