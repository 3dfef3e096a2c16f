// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/security_infos.hpp"

#include <algorithm>
#include <array>

#include "drivers/apdu/oid.hpp"
#include "drivers/apdu/tlv.hpp"

namespace eid {
namespace {

constexpr apdu::Tag tag_boolean = 0x01;
constexpr apdu::Tag tag_integer = 0x02;
constexpr apdu::Tag tag_bit_string = 0x03;
constexpr apdu::Tag tag_octet_string = 0x04;
constexpr apdu::Tag tag_oid = 0x06;
constexpr apdu::Tag tag_sequence = 0x30;
constexpr apdu::Tag tag_set = 0x31;
constexpr unsigned chip_auth_version = 2;
constexpr unsigned standardised_ids_max = 31;

auto bad(const char* where) {
    return base::fail(base::Errc::card_access_bad, where);
}

/// A small non-negative INTEGER; the norm's ids and versions fit four bytes.
std::optional<unsigned> small_integer(base::ByteView value) {
    if (value.empty() || value.size() > 4 || (value[0] & 0x80U) != 0) return std::nullopt;
    unsigned number = 0;
    for (const std::uint8_t byte : value) number = number << 8U | byte;
    return number;
}

/// One entry taken apart: protocol, required data, and the rest.
struct Entry {
    base::ByteView protocol;
    apdu::TlvReader rest;
};

struct ExplicitParameters {
    std::optional<unsigned> id;
    std::optional<crypto::Curve> curve;
};

/// An optional INTEGER at the end of an entry.
base::Result<std::optional<unsigned>> optional_id(apdu::TlvReader& reader) {
    const auto object = reader.take_if(tag_integer);
    if (!object) return std::optional<unsigned>{};
    const auto number = small_integer(object->value);
    if (!number) return bad("security info integer");
    return number;
}

base::Result<unsigned> required_integer(apdu::TlvReader& reader) {
    TRY(object, reader.expect(tag_integer));
    const auto number = small_integer(object.value);
    if (!number) return bad("security info integer");
    return *number;
}

/// The last byte of `protocol` if it is `prefix` and one byte more.
std::optional<std::uint8_t> suffix_of(base::ByteView protocol, base::ByteView prefix) {
    if (protocol.size() != prefix.size() + 1 || !apdu::oid_starts_with(protocol, prefix)) {
        return std::nullopt;
    }
    return protocol.back();
}

base::Bytes copy(base::ByteView bytes) {
    return {bytes.begin(), bytes.end()};
}

base::Result<void> read_pace(Entry& entry, Cipher cipher, SecurityInfos& out) {
    TRY(version, required_integer(entry.rest));
    TRY(id, optional_id(entry.rest));
    if (version != 2) {
        ++out.skipped;
        return {};
    }
    PaceInfo info{copy(entry.protocol), cipher, id.value_or(standardised_ids_max + 1), {}};
    if (info.parameter_id <= standardised_ids_max) {
        info.curve = crypto::curve_of_standard_id(info.parameter_id);
    }
    out.pace.push_back(std::move(info));
    return {};
}

base::Result<void> read_pace_parameters(Entry& entry, std::vector<ExplicitParameters>& out) {
    TRY(algorithm, entry.rest.expect(tag_sequence));
    TRY(id, optional_id(entry.rest));
    out.push_back({id, curve_of_algorithm(algorithm.whole)});
    return {};
}

base::Result<void> read_chip_auth(Entry& entry, Cipher cipher, SecurityInfos& out) {
    TRY(version, required_integer(entry.rest));
    TRY(id, optional_id(entry.rest));
    if (version != chip_auth_version) {
        ++out.skipped;
        return {};
    }
    out.chip_auth.push_back({copy(entry.protocol), cipher, id});
    return {};
}

base::Result<void> read_chip_auth_parameters(Entry& entry, SecurityInfos& out) {
    TRY(algorithm, entry.rest.expect(tag_sequence));
    TRY(id, optional_id(entry.rest));
    if (const auto curve = curve_of_algorithm(algorithm.whole)) {
        out.chip_auth_parameters.push_back({*curve, id});
    } else {
        ++out.skipped;
    }
    return {};
}

base::Result<void> read_chip_auth_key(Entry& entry, SecurityInfos& out) {
    TRY(info, entry.rest.expect(tag_sequence));
    TRY(id, optional_id(entry.rest));
    auto key = parse_public_key_info(info.whole);
    if (!key) {
        // A key on a curve that we do not have is simply not ours to use; a broken key is refused.
        if (key.error().code != base::Errc::protocol_unsupported) return bad("chip key");
        ++out.skipped;
        return {};
    }
    out.chip_auth_keys.push_back({std::move(*key), id});
    return {};
}

base::Result<void> read_restricted_id(Entry& entry, std::uint8_t suffix, SecurityInfos& out) {
    constexpr std::array<crypto::Hash, 5> hashes = {crypto::Hash::sha1, crypto::Hash::sha224,
                                                    crypto::Hash::sha256, crypto::Hash::sha384,
                                                    crypto::Hash::sha512};
    if (suffix < 1 || suffix > hashes.size()) {
        ++out.skipped;
        return {};
    }
    TRY(parameters, entry.rest.expect(tag_sequence));
    apdu::TlvReader reader(parameters.value);
    TRY(version, required_integer(reader));
    TRY(key_id, required_integer(reader));
    TRY(authorized, reader.expect(tag_boolean));
    if (authorized.value.size() != 1) return bad("restricted id");
    if (version != 1) {
        ++out.skipped;
        return {};
    }
    out.restricted_id.push_back(
        {copy(entry.protocol), hashes[suffix - 1U], key_id, authorized.value[0] != 0});
    return {};
}

base::Result<void> read_entry(Entry& entry, SecurityInfos& out,
                              std::vector<ExplicitParameters>& explicit_parameters) {
    namespace oid = apdu::oid;
    // id-PACE, mapping, cipher: two bytes more than the prefix.
    const bool pace_row = entry.protocol.size() == oid::pace.size() + 2 &&
                          apdu::oid_starts_with(entry.protocol, oid::pace);
    if (pace_row) ++out.pace_rows;
    if (const auto suffix = suffix_of(entry.protocol, oid::pace_ecdh_gm)) {
        if (const auto cipher = cipher_of_suffix(*suffix)) return read_pace(entry, *cipher, out);
    }
    if (base::equal(entry.protocol, oid::pace_ecdh_gm)) {
        return read_pace_parameters(entry, explicit_parameters);
    }
    if (const auto suffix = suffix_of(entry.protocol, oid::ca_ecdh)) {
        if (const auto cipher = cipher_of_suffix(*suffix))
            return read_chip_auth(entry, *cipher, out);
    }
    if (base::equal(entry.protocol, oid::ca_ecdh)) return read_chip_auth_parameters(entry, out);
    if (base::equal(entry.protocol, oid::pk_ecdh)) return read_chip_auth_key(entry, out);
    if (const auto suffix = suffix_of(entry.protocol, oid::ri_ecdh)) {
        return read_restricted_id(entry, *suffix, out);
    }
    if (base::equal(entry.protocol, oid::ta)) {
        TRY(version, required_integer(entry.rest));
        out.terminal_auth_2 = out.terminal_auth_2 || version == 2;
        return {};
    }
    ++out.skipped;
    return {};
}

/// Gives PACE entries with a local parameter id the explicit curve of that id, or the only one
/// there is.
void resolve(SecurityInfos& infos, const std::vector<ExplicitParameters>& parameters) {
    for (PaceInfo& info : infos.pace) {
        if (info.parameter_id <= standardised_ids_max) continue;
        for (const ExplicitParameters& row : parameters) {
            if (row.id == info.parameter_id || (!row.id && parameters.size() == 1)) {
                info.curve = row.curve;
            }
        }
    }
}

/// ECParameters: version, field, curve, base point, order, cofactor (RFC 3279 2.3.5).
std::optional<crypto::Curve> curve_of_explicit(base::ByteView parameters) {
    apdu::TlvReader reader(parameters);
    const auto version = reader.take_if(tag_integer);
    const auto field = reader.take_if(tag_sequence);
    const auto curve = reader.take_if(tag_sequence);
    const auto generator = reader.take_if(tag_octet_string);
    const auto order = reader.take_if(tag_integer);
    const auto cofactor = reader.take_if(tag_integer);
    if (!version || !field || !curve || !generator || !order) return std::nullopt;
    apdu::TlvReader field_reader(field->value);
    const auto field_type = field_reader.take_if(tag_oid);
    const auto prime = field_reader.take_if(tag_integer);
    apdu::TlvReader curve_reader(curve->value);
    const auto a = curve_reader.take_if(tag_octet_string);
    const auto b = curve_reader.take_if(tag_octet_string);
    if (!field_type || !prime || !a || !b) return std::nullopt;
    if (!base::equal(field_type->value, apdu::oid::prime_field)) return std::nullopt;
    crypto::DomainParameters known{copy(prime->value),     copy(a->value),     copy(b->value),
                                   copy(generator->value), copy(order->value), 1};
    if (cofactor) known.cofactor = small_integer(cofactor->value).value_or(0);
    return crypto::recognise(known);
}

std::optional<crypto::Curve> curve_of_name(base::ByteView name) {
    namespace oid = apdu::oid;
    using crypto::Curve;
    if (base::equal(name, oid::curve_p256)) return Curve::p256;
    if (base::equal(name, oid::curve_p384)) return Curve::p384;
    if (base::equal(name, oid::curve_p521)) return Curve::p521;
    if (base::equal(name, oid::curve_brainpool_p256r1)) return Curve::brainpool_p256r1;
    if (base::equal(name, oid::curve_brainpool_p384r1)) return Curve::brainpool_p384r1;
    if (base::equal(name, oid::curve_brainpool_p512r1)) return Curve::brainpool_p512r1;
    return std::nullopt;
}

}  // namespace

base::Result<SecurityInfos> parse_security_infos(base::ByteView bytes) {
    apdu::TlvReader outer(bytes);
    const auto set = outer.take_if(tag_set);
    if (!set) return bad("security infos");
    if (!std::ranges::all_of(outer.rest(), [](std::uint8_t byte) { return byte == 0; })) {
        return bad("security infos trailing");
    }
    SecurityInfos out;
    std::vector<ExplicitParameters> explicit_parameters;
    apdu::TlvReader reader(set->value);
    while (!reader.at_end()) {
        const auto sequence = reader.take_if(tag_sequence);
        if (!sequence) return bad("security info");
        Entry entry{{}, apdu::TlvReader(sequence->value)};
        const auto protocol = entry.rest.take_if(tag_oid);
        if (!protocol) return bad("security info protocol");
        entry.protocol = protocol->value;
        // A known entry with broken content makes the file unusable: half a description is none.
        if (!read_entry(entry, out, explicit_parameters)) return bad("security info content");
    }
    resolve(out, explicit_parameters);
    return out;
}

base::Result<PaceInfo> choose_pace(const SecurityInfos& infos) {
    const auto found =
        std::ranges::find_if(infos.pace, [](const auto& row) { return row.curve.has_value(); });
    if (found == infos.pace.end()) {
        return base::fail(base::Errc::protocol_unsupported, "choose pace");
    }
    return *found;
}

std::optional<crypto::Curve> curve_of_algorithm(base::ByteView algorithm_identifier) {
    const auto content = apdu::only(algorithm_identifier, tag_sequence);
    if (!content) return std::nullopt;
    apdu::TlvReader reader(*content);
    const auto algorithm = reader.take_if(tag_oid);
    if (!algorithm) return std::nullopt;
    if (base::equal(algorithm->value, apdu::oid::standardised_domain_parameters)) {
        const auto id = reader.take_if(tag_integer);
        const auto number = id ? small_integer(id->value) : std::nullopt;
        return number ? crypto::curve_of_standard_id(*number) : std::nullopt;
    }
    if (!base::equal(algorithm->value, apdu::oid::ec_public_key)) return std::nullopt;
    if (const auto name = reader.take_if(tag_oid)) return curve_of_name(name->value);
    if (const auto parameters = reader.take_if(tag_sequence))
        return curve_of_explicit(parameters->value);
    return std::nullopt;
}

base::Result<crypto::Point> parse_public_key_info(base::ByteView subject_public_key_info) {
    TRY(content, apdu::only(subject_public_key_info, tag_sequence));
    apdu::TlvReader reader(content);
    TRY(algorithm, reader.expect(tag_sequence));
    TRY(bits, reader.expect(tag_bit_string));
    TRY_VOID(reader.expect_end());
    const auto curve = curve_of_algorithm(algorithm.whole);
    if (!curve) return base::fail(base::Errc::protocol_unsupported, "public key curve");
    if (bits.value.empty() || bits.value[0] != 0)
        return base::fail(base::Errc::key_bad, "public key bits");
    return crypto::parse_point(*curve, bits.value.subspan(1));
}

}  // namespace eid
