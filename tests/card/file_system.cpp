// SPDX-License-Identifier: EUPL-1.2
// SELECT and READ BINARY: see file_system.hpp.
#include "tests/card/file_system.hpp"

#include <algorithm>
#include <array>

namespace card {
namespace {

constexpr std::array<std::uint8_t, 9> eid_application{0xE8, 0x07, 0x04, 0x00, 0x7F,
                                                      0x00, 0x07, 0x03, 0x02};
constexpr std::array<std::uint8_t, 7> master_application{0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x03};
constexpr std::uint16_t master_file = 0x3F00;

template <class Matches>
std::optional<std::size_t> index_of(const std::vector<CardFile>& files, Matches matches) {
    const auto found = std::find_if(files.begin(), files.end(), matches);
    if (found == files.end()) return std::nullopt;
    return static_cast<std::size_t>(found - files.begin());
}

bool allowed(const CardFile& file, const SecurityStatus& status) {
    switch (file.access) {
        case CardFile::Access::always:
            return true;
        case CardFile::Access::terminal:
            return status.terminal.has_value();
        case CardFile::Access::group:
            return status.effective().has(right::read(file.group));
    }
    return false;
}

}  // namespace

void FileSystem::reset() {
    folder_ = Folder::master;
    current_.reset();
}

const std::vector<CardFile>& FileSystem::files() const {
    return folder_ == Folder::master ? master_ : eid_;
}

StatusWord FileSystem::select(const Command& command) {
    if ((command.p2 & 0x0CU) != 0x0CU && command.p2 != 0x00) return sw::wrong_parameters;
    if (command.p1 == 0x04) {
        if (same(command.data, eid_application)) {
            folder_ = Folder::eid;
        } else if (same(command.data, master_application)) {
            folder_ = Folder::master;
        } else {
            return sw::file_missing;
        }
        current_.reset();
        return sw::ok;
    }
    if (command.p1 != 0x00 && command.p1 != 0x02) return sw::wrong_parameters;
    if (command.data.empty() && command.p1 == 0x00) {
        reset();
        return sw::ok;
    }
    if (command.data.size() != 2) return sw::wrong_data;
    const auto id = static_cast<std::uint16_t>(command.data[0] << 8 | command.data[1]);
    if (id == master_file && command.p1 == 0x00) {
        reset();
        return sw::ok;
    }
    const auto index = index_of(files(), [id](const CardFile& file) { return file.id == id; });
    if (!index) return sw::file_missing;
    current_ = index;
    return sw::ok;
}

Answer FileSystem::read(const Command& command, const SecurityStatus& status) {
    if (!command.data.empty() || command.expected == 0) return sw::wrong_length;
    std::size_t offset = command.p1p2();
    if ((command.p1 & 0x80U) != 0) {
        if ((command.p1 & 0x60U) != 0) return sw::wrong_parameters;
        const std::uint8_t wanted = command.p1 & 0x1FU;
        const auto index = index_of(files(), [wanted](const CardFile& file) {
            return wanted != 0 && file.short_id == wanted;
        });
        if (!index) return sw::file_missing;
        current_ = index;
        offset = command.p2;
    }
    if (!current_) return sw::no_current_file;
    const CardFile& file = files()[*current_];
    if (!allowed(file, status)) return sw::security_status;
    if (offset >= file.content.size()) return sw::beyond_end;
    const std::size_t rest = file.content.size() - offset;
    const std::size_t length = std::min(rest, command.expected);
    // Le of all zeros means "what there is" and cannot be too long (ISO 7816-4 5.1).
    const bool as_much_as_there_is = command.expected == (command.extended ? 65536U : 256U);
    const bool short_of = command.expected > rest && !as_much_as_there_is;
    return {to_bytes(View(file.content).subspan(offset, length)),
            short_of ? sw::end_of_file : sw::ok};
}

}  // namespace card
