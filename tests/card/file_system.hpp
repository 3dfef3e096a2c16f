// SPDX-License-Identifier: EUPL-1.2
// The files of the card: master file with its open files, eID application with its data groups.
// Selection is per power-up. One thread. Norm: BSI TR-03110-3 A.1.2, TR-03110-4 2.2, ISO 7816-4 7.
#pragma once

#include "tests/card/security_status.hpp"

namespace card {

struct CardFile {
    enum class Access { always, terminal, group };
    std::uint16_t id = 0;       ///< file identifier
    std::uint8_t short_id = 0;  ///< 1..30, or 0 for none
    Access access = Access::always;
    unsigned group = 0;  ///< data group whose read right is needed
    Bytes content;
};

class FileSystem {
  public:
    FileSystem(std::vector<CardFile> master, std::vector<CardFile> eid)
        : master_(std::move(master)), eid_(std::move(eid)) {}

    /// Power-up: master file selected, no current file.
    void reset();
    /// SELECT by file identifier (P1 00, 02) or application (P1 04), without answer data.
    [[nodiscard]] StatusWord select(const Command& command);
    /// READ BINARY of the current file or by short identifier. 6282 with data at the end, 6B00
    /// beyond it, 6982 without the right, 6A82 no such file, 6986 no current file.
    [[nodiscard]] Answer read(const Command& command, const SecurityStatus& status);

  private:
    enum class Folder { master, eid };
    [[nodiscard]] const std::vector<CardFile>& files() const;

    std::vector<CardFile> master_;
    std::vector<CardFile> eid_;
    Folder folder_ = Folder::master;
    std::optional<std::size_t> current_;
};

}  // namespace card
