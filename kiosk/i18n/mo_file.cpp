// SPDX-License-Identifier: EUPL-1.2
// The tables of a .mo file, checked against the file's size before each read.
#include "kiosk/i18n/mo_file.hpp"

#include <optional>

#include "drivers/base/limits.hpp"

namespace i18n {
namespace {

constexpr std::uint32_t magic_little = 0x950412de;
constexpr std::uint32_t magic_big = 0xde120495;
constexpr std::size_t header_bytes = 28;

tl::unexpected<base::Error> bad(const char* where) {
    return base::fail(base::Errc::locale_bad, where);
}

/// Reads in the byte order of the machine that made the file.
class Reader {
  public:
    Reader(base::ByteView file, bool big_endian) : file_(file), big_endian_(big_endian) {}

    [[nodiscard]] std::optional<std::uint32_t> u32(std::uint64_t offset) const {
        if (offset + 4 > file_.size()) return std::nullopt;
        const auto* p = file_.data() + offset;
        const auto join = [](std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
            return a << 24U | b << 16U | c << 8U | d;
        };
        return big_endian_ ? join(p[0], p[1], p[2], p[3]) : join(p[3], p[2], p[1], p[0]);
    }
    /// The string that entry `index` of the table at `table` names; it must end with a NUL inside
    /// the file.
    [[nodiscard]] std::optional<std::string_view> string(std::uint32_t table,
                                                         std::uint32_t index) const {
        const std::uint64_t entry = table + std::uint64_t{8} * index;
        const auto length = u32(entry);
        const auto offset = u32(entry + 4);
        if (!length || !offset) return std::nullopt;
        const std::uint64_t end = std::uint64_t{*offset} + *length;
        if (end >= file_.size() || file_[static_cast<std::size_t>(end)] != 0) return std::nullopt;
        return base::as_text(file_.subspan(*offset, *length));
    }

  private:
    base::ByteView file_;
    bool big_endian_;
};

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80                   ? 1
                                   : lead >= 0xc2 && lead < 0xe0 ? 2
                                   : (lead & 0xf0U) == 0xe0      ? 3
                                   : lead >= 0xf0 && lead < 0xf5 ? 4
                                                                 : 0;
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xc0U) != 0x80) return false;
        }
        i += length;
    }
    return true;
}

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts;
    while (true) {
        const auto end = text.find(at);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

void read_header(std::string_view text, MoFile& file) {
    for (const std::string& line : split(text, '\n')) {
        const auto colon = line.find(':');
        if (colon == std::string::npos) continue;
        auto value = line.substr(colon + 1);
        value.erase(0, value.find_first_not_of(' '));
        file.header[line.substr(0, colon)] = value;
    }
}

}  // namespace

base::Result<MoFile> parse_mo(base::ByteView bytes) {
    if (bytes.size() < header_bytes || bytes.size() > limits::locale_bytes_max)
        return bad("mo size");
    const Reader probe(bytes, false);
    const std::uint32_t magic = probe.u32(0).value_or(0);
    if (magic != magic_little && magic != magic_big) return bad("mo magic");
    const Reader reader(bytes, magic == magic_big);
    // Revision: the upper half must be 0; minor revisions only add tables that we do not read.
    const auto revision = reader.u32(4);
    const auto count = reader.u32(8);
    const auto ids = reader.u32(12);
    const auto translations = reader.u32(16);
    if (!revision || *revision >> 16U != 0) return bad("mo revision");
    if (!count || *count > limits::locale_texts_max || !ids || !translations)
        return bad("mo table");

    MoFile file;
    for (std::uint32_t i = 0; i < *count; ++i) {
        const auto id = reader.string(*ids, i);
        const auto text = reader.string(*translations, i);
        if (!id || !text || !is_utf8(*id) || !is_utf8(*text)) return bad("mo string");
        if (id->empty()) {
            read_header(*text, file);
        } else {
            file.texts[std::string(id->substr(0, id->find('\0')))] = split(*text, '\0');
        }
    }
    if (const auto rule = file.header.find("Plural-Forms"); rule != file.header.end()) {
        TRY(parsed, PluralRule::parse(rule->second));
        file.plural = parsed;
    }
    return file;
}

}  // namespace i18n
