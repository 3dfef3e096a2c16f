// SPDX-License-Identifier: EUPL-1.2
// Fixed layouts of headers and scopes.
#include "sync/model/record.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "sync/model/times.hpp"

namespace model {
namespace {

using base::Bytes;
using base::ByteView;
using base::Errc;

constexpr std::uint8_t version = 1;
constexpr std::size_t scopes_bytes_min = 1 + 16 + 32 + 1 + 1 + 32;

/// Takes values from the front; asking for more than is there is remembered and answers zeros.
class Cursor {
  public:
    explicit Cursor(ByteView bytes) : rest_(bytes) {}

    template <std::size_t N>
    std::array<std::uint8_t, N> array() {
        std::array<std::uint8_t, N> out{};
        const ByteView part = take(N);
        std::copy(part.begin(), part.end(), out.begin());
        return out;
    }
    std::uint8_t u8() { return array<1>()[0]; }
    std::uint32_t u32() { return base::read_u32(array<4>()); }
    std::uint64_t u64() { return base::read_u64(array<8>()); }
    /// Everything fitted and nothing is left.
    [[nodiscard]] bool done() const { return !short_ && rest_.empty(); }

  private:
    ByteView take(std::size_t size) {
        if (rest_.size() < size) {
            short_ = true;
            return {};
        }
        const ByteView part = rest_.first(size);
        rest_ = rest_.subspan(size);
        return part;
    }

    ByteView rest_;
    bool short_ = false;
};

bool target_fits(const ScopeTarget& target) {
    const auto kind = static_cast<std::uint8_t>(target.kind);
    if (kind < 1 || kind > 4) return false;
    return target.kind != TargetKind::declaration ||
           std::all_of(target.value.begin() + 16, target.value.end(),
                       [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

Kind kind_of(const Declaration& declaration) {
    const bool given = declaration.event == Event::given;
    if (!given && declaration.assurance.method == Method::provisional) {
        return Kind::provisional_withdrawal;
    }
    switch (declaration.act_type) {
        case ActType::consent:
        case ActType::confidentiality_release:
            return given ? Kind::grant : Kind::withdrawal;
        case ActType::objection:
            return given ? Kind::objection : Kind::objection_withdrawn;
        case ActType::once_only_decision:
            return given ? Kind::decision : Kind::withdrawal;
        case ActType::notice:
            break;
    }
    CHECK(given);
    return Kind::notice;
}

bool is_protective(Kind kind) {
    return kind == Kind::withdrawal || kind == Kind::objection ||
           kind == Kind::provisional_withdrawal;
}

std::string_view word(Kind kind) {
    constexpr std::array<std::string_view, 7> words{"grant",     "withdrawal",
                                                    "objection", "objection_withdrawn",
                                                    "decision",  "provisional_withdrawal",
                                                    "notice"};
    return words.at(static_cast<std::size_t>(kind) - 1);
}

base::Bytes encode(const Header& header) {
    Bytes out{version};
    out.reserve(header_bytes);
    base::append(out, header.key.terminal.get());
    base::append_u32(out, header.key.epoch);
    base::append_u64(out, header.key.seq);
    base::append(out, header.prev);
    base::append(out, header.jwe_sha256);
    base::append(out, header.scopes_sha256);
    out.push_back(static_cast<std::uint8_t>(header.kind));
    base::append_u64(out, header.observed);
    base::append_u64(out, header.time.wall_ms);
    base::append_u64(out, header.time.floor_ms);
    out.push_back(static_cast<std::uint8_t>(header.time.quality));
    CHECK(out.size() == header_bytes);
    return out;
}

base::Result<Header> parse_header(base::ByteView bytes) {
    if (bytes.size() != header_bytes) return base::fail(Errc::record_bad, "header size");
    Cursor in(bytes);
    if (in.u8() != version) return base::fail(Errc::record_bad, "header version");
    Header header;
    header.key.terminal = base::Uuid(in.array<16>());
    header.key.epoch = in.u32();
    header.key.seq = in.u64();
    header.prev = in.array<32>();
    header.jwe_sha256 = in.array<32>();
    header.scopes_sha256 = in.array<32>();
    const std::uint8_t kind = in.u8();
    header.observed = in.u64();
    header.time.wall_ms = in.u64();
    header.time.floor_ms = in.u64();
    const std::uint8_t quality = in.u8();
    CHECK(in.done());
    if (header.key.epoch == 0 || header.key.seq == 0) {
        return base::fail(Errc::record_bad, "header position");
    }
    if (kind < 1 || kind > 7) return base::fail(Errc::record_bad, "header kind");
    if (quality > 2) return base::fail(Errc::record_bad, "header time quality");
    if (header.time.wall_ms > unix_ms_max || header.time.floor_ms > unix_ms_max) {
        return base::fail(Errc::record_bad, "header time");
    }
    // SQLite and PostgreSQL keep integers in 63 bits; nothing honest comes near that.
    if (header.key.seq > INT64_MAX || header.observed > INT64_MAX) {
        return base::fail(Errc::record_bad, "header number");
    }
    header.kind = static_cast<Kind>(kind);
    header.time.quality = static_cast<TimeQuality>(quality);
    return header;
}

base::Bytes encode(const Scopes& scopes) {
    CHECK(scopes.parts.size() <= limits::recipients_max);
    CHECK(scopes.targets.size() <= limits::targets_max);
    Bytes out{version};
    base::append(out, scopes.declaration.get());
    base::append(out, scopes.tag_s);
    out.push_back(static_cast<std::uint8_t>(scopes.parts.size()));
    for (const ScopePart& part : scopes.parts) {
        base::append(out, part.tag_sr);
        base::append(out, part.tag_er);
    }
    out.push_back(static_cast<std::uint8_t>(scopes.targets.size()));
    for (const ScopeTarget& target : scopes.targets) {
        out.push_back(static_cast<std::uint8_t>(target.kind));
        base::append(out, target.value);
    }
    base::append(out, scopes.slip_hash);
    return out;
}

base::Result<Scopes> parse_scopes(base::ByteView bytes) {
    if (bytes.size() < scopes_bytes_min) return base::fail(Errc::record_bad, "scopes size");
    Cursor in(bytes);
    if (in.u8() != version) return base::fail(Errc::record_bad, "scopes version");
    Scopes scopes;
    scopes.declaration = base::Uuid(in.array<16>());
    scopes.tag_s = in.array<32>();
    const std::size_t parts = in.u8();
    if (parts > limits::recipients_max) return base::fail(Errc::record_bad, "scopes parts");
    for (std::size_t i = 0; i < parts; ++i) {
        const auto sr = in.array<32>();
        scopes.parts.push_back({sr, in.array<32>()});
    }
    const std::size_t targets = in.u8();
    if (targets > limits::targets_max) return base::fail(Errc::record_bad, "scopes targets");
    for (std::size_t i = 0; i < targets; ++i) {
        const auto kind = static_cast<TargetKind>(in.u8());
        const ScopeTarget& target = scopes.targets.emplace_back(ScopeTarget{kind, in.array<32>()});
        if (!target_fits(target)) return base::fail(Errc::record_bad, "scopes target");
    }
    scopes.slip_hash = in.array<32>();
    if (!in.done()) return base::fail(Errc::record_bad, "scopes size");
    return scopes;
}

Digest declaration_value(const base::Uuid& id) {
    Digest value{};
    std::copy(id.get().begin(), id.get().end(), value.begin());
    return value;
}

}  // namespace model
