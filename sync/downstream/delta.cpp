// SPDX-License-Identifier: EUPL-1.2
#include "sync/downstream/delta.hpp"

#include <cstring>
#include <optional>

namespace downstream {
namespace {

using base::ByteView;
using base::Errc;

constexpr std::string_view delta_magic = "FRGDELTA";
constexpr std::size_t delta_head_bytes = 16;
// 2^56 is more than any file has; nine groups of seven bits would already be 2^63.
constexpr unsigned groups_max = 8;

auto bad_delta(const char* where) {
    return base::fail(Errc::manifest_bad, where);
}

void append_number(base::Bytes& out, std::uint64_t value) {
    while (value >= 0x80) {
        out.push_back(static_cast<std::uint8_t>(value | 0x80U));
        value >>= 7U;
    }
    out.push_back(static_cast<std::uint8_t>(value));
}

/// Takes a number from the front; nothing if it is cut off, too long or not as short as can be.
std::optional<std::uint64_t> take_leb(ByteView& rest) {
    std::uint64_t value = 0;
    for (unsigned group = 0; group < groups_max && group < rest.size(); ++group) {
        const std::uint8_t byte = rest[group];
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * group);
        if ((byte & 0x80U) != 0) continue;
        if (byte == 0 && group != 0) return std::nullopt;
        rest = rest.subspan(group + 1);
        return value;
    }
    return std::nullopt;
}

/// Collects the steps; what is new goes out behind the copy and skip that lead to it.
class DeltaWriter {
  public:
    explicit DeltaWriter(std::uint64_t length) {
        base::append(out_, base::as_bytes(delta_magic));
        base::append_u64(out_, length);
    }
    void copy(std::size_t bytes) {
        if (skip_ != 0 || !fresh_.empty()) flush();
        copy_ += bytes;
    }
    void skip(std::size_t bytes) {
        // A step skips before it adds; what was added before the skip is a step of its own.
        if (!fresh_.empty()) flush();
        skip_ += bytes;
    }
    void add(ByteView bytes) { base::append(fresh_, bytes); }
    base::Bytes done() {
        flush();
        return std::move(out_);
    }

  private:
    void flush() {
        if (copy_ == 0 && skip_ == 0 && fresh_.empty()) return;
        append_number(out_, copy_);
        append_number(out_, skip_);
        append_number(out_, fresh_.size());
        base::append(out_, fresh_);
        copy_ = 0;
        skip_ = 0;
        fresh_.clear();
    }
    base::Bytes out_;
    std::size_t copy_ = 0;
    std::size_t skip_ = 0;
    base::Bytes fresh_;
};

bool has_shape(ByteView file, const ListShape& shape) {
    const std::size_t frame = shape.head_bytes + shape.tail_bytes;
    return shape.entry_bytes != 0 && file.size() >= frame &&
           (file.size() - frame) % shape.entry_bytes == 0;
}

/// Both lists are sorted, so one walk over both finds what stays.
void merge_entries(DeltaWriter& out, ByteView old_list, ByteView new_list, std::size_t entry) {
    while (!old_list.empty() && !new_list.empty()) {
        const int order = std::memcmp(old_list.data(), new_list.data(), entry);
        if (order == 0) out.copy(entry);
        if (order < 0) out.skip(entry);
        if (order > 0) out.add(new_list.first(entry));
        if (order <= 0) old_list = old_list.subspan(entry);
        if (order >= 0) new_list = new_list.subspan(entry);
    }
    if (!old_list.empty()) out.skip(old_list.size());
    if (!new_list.empty()) out.add(new_list);
}

}  // namespace

base::Result<base::Bytes> make_delta(ByteView old_file, ByteView new_file, const ListShape& shape) {
    if (!has_shape(old_file, shape) || !has_shape(new_file, shape)) return bad_delta("delta shape");
    DeltaWriter out(new_file.size());
    const auto entries = [&](ByteView file) {
        return file.subspan(shape.head_bytes, file.size() - shape.head_bytes - shape.tail_bytes);
    };
    out.skip(shape.head_bytes);
    out.add(new_file.first(shape.head_bytes));
    merge_entries(out, entries(old_file), entries(new_file), shape.entry_bytes);
    out.add(new_file.last(shape.tail_bytes));
    return out.done();
}

base::Result<base::Bytes> apply_delta(ByteView old_file, ByteView delta, std::uint64_t length) {
    if (delta.size() < delta_head_bytes ||
        base::as_text(delta.first(delta_magic.size())) != delta_magic) {
        return bad_delta("no delta");
    }
    if (base::read_u64(delta.subspan(delta_magic.size())) != length)
        return bad_delta("delta length");
    ByteView rest = delta.subspan(delta_head_bytes);
    base::Bytes out;
    out.reserve(static_cast<std::size_t>(length));
    while (!rest.empty()) {
        const auto copy = take_leb(rest);
        const auto skip = copy ? take_leb(rest) : std::nullopt;
        const auto fresh = skip ? take_leb(rest) : std::nullopt;
        // Each is below 2^56, so sums do not overflow. A step that does nothing could go on for
        // ever in a small file.
        if (!fresh || *copy + *skip + *fresh == 0) return bad_delta("delta step");
        if (*copy + *skip > old_file.size() || *fresh > rest.size())
            return bad_delta("delta bounds");
        if (*copy + *fresh > length - out.size()) return bad_delta("delta too long");
        base::append(out, old_file.first(static_cast<std::size_t>(*copy)));
        old_file = old_file.subspan(static_cast<std::size_t>(*copy + *skip));
        base::append(out, rest.first(static_cast<std::size_t>(*fresh)));
        rest = rest.subspan(static_cast<std::size_t>(*fresh));
    }
    if (out.size() != length) return bad_delta("delta too short");
    return out;
}

}  // namespace downstream
