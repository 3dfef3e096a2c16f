// SPDX-License-Identifier: EUPL-1.2
// syncd's own folder: what is on its way and not yet taken by the other side. A pulled body stays
// until it is acknowledged, a receipt until the kiosk has it, so a restart of either loses no work.
// Everything in it can be had again from the journal: a spool that is lost or damaged costs time
// and nothing else. Files: advance.body, batch.body, receipt-<number>.set, time_floor; written as
// *.tmp, fsynced, renamed, folder fsynced.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"

namespace syncd {

enum class Lane : std::uint8_t { advance, batch };

class Spool {
  public:
    /// Opens or creates the folder (mode 0700) and clears half-written files.
    /// errors  file_io (detail = errno).
    static base::Result<Spool> open(const std::string& path);

    /// The body that is under way in this lane; empty if none. A file beyond its bound is dropped.
    base::Result<std::string> body(Lane lane);
    base::Result<void> keep_body(Lane lane, std::string_view bytes);
    base::Result<void> drop_body(Lane lane);

    /// Numbers of the receipts that wait for the kiosk, oldest first.
    [[nodiscard]] const std::vector<std::uint64_t>& receipts() const { return receipts_; }
    /// False if so many receipts wait that nothing more may be sent before the kiosk takes some.
    [[nodiscard]] bool has_room(std::size_t receipts) const;
    base::Result<void> keep_receipt(std::string_view set);
    base::Result<std::string> receipt(std::uint64_t number);
    base::Result<void> drop_receipt(std::uint64_t number);

    /// The largest backend time that was believed so far (Unix milliseconds); 0 if none.
    [[nodiscard]] std::uint64_t time_floor_ms() const { return time_floor_ms_; }
    base::Result<void> raise_time_floor(std::uint64_t ms);

  private:
    explicit Spool(std::string path) : path_(std::move(path)) {}
    base::Result<void> scan();
    base::Result<void> write(const std::string& name, std::string_view bytes);
    base::Result<std::string> read(const std::string& name, std::size_t bytes_max);
    base::Result<void> remove(const std::string& name);
    base::Result<void> sync_folder();

    std::string path_;
    std::vector<std::uint64_t> receipts_;
    std::uint64_t next_receipt_ = 1;
    std::uint64_t time_floor_ms_ = 0;
};

}  // namespace syncd
