// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/restricted_id.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "drivers/apdu/oid.hpp"
#include "drivers/apdu/status.hpp"
#include "drivers/apdu/tlv.hpp"
#include "drivers/crypto/digest.hpp"

namespace eid {
namespace {

constexpr unsigned block_list_key = 1;
constexpr unsigned pseudonym_key = 2;
constexpr std::size_t identifier_bytes = 32;
using Identifier = std::array<std::uint8_t, identifier_bytes>;

/// Tags of question and answer for each sector (TR-03110-3 B.4).
struct SectorTags {
    apdu::Tag question;
    apdu::Tag answer;
};
SectorTags tags_of(Sector sector) {
    return sector == Sector::first ? SectorTags{0xA0, 0x81} : SectorTags{0xA2, 0x83};
}

base::Result<Identifier> identify(Channel& channel, const SecurityInfos& infos, unsigned key_id,
                                  base::ByteView sector_key, SectorTags tags) {
    const auto failed = [](const char* where, std::uint32_t detail = 0) {
        return base::fail(base::Errc::restricted_id_failed, where, detail);
    };
    const auto info = std::ranges::find_if(infos.restricted_id, [&](const auto& row) {
        return row.key_id == key_id && row.hash == crypto::Hash::sha256;
    });
    if (info == infos.restricted_id.end()) return failed("no such key");
    TRY(content, apdu::only(sector_key, 0x7F49, apdu::Rules::der));

    const std::uint8_t id[] = {static_cast<std::uint8_t>(key_id)};
    base::Bytes selection = apdu::tlv(0x80, base::ByteView(info->protocol));
    apdu::append_tlv(selection, 0x84, id);
    TRY(selected, channel.send({0x00, 0x22, 0x41, 0xA4, std::move(selection), {}}));
    if (!selected.ok()) return failed("select key", selected.sw);

    // The key travels under A0 or A2 in place of 7F49; its domain parameters make it longer than a
    // short command.
    TRY(answer, channel.send({0x00, 0x86, 0x00, 0x00,
                              apdu::tlv(0x7C, base::ByteView(apdu::tlv(tags.question, content))),
                              apdu::short_le_max}));
    if (answer.sw == apdu::sw::security_status) {
        return base::fail(base::Errc::right_missing, "restricted id", answer.sw);
    }
    if (!answer.ok()) return failed("restricted id", answer.sw);
    const auto dynamic = apdu::only(answer.data, 0x7C);
    if (!dynamic) return failed("answer");
    const auto value = apdu::only(*dynamic, tags.answer);
    if (!value || value->size() != identifier_bytes) return failed("answer length");
    Identifier identifier{};
    std::ranges::copy(*value, identifier.begin());
    return identifier;
}

/// C.3.2.1 ties the hash to the certificate's signature; German practice is SHA-256 throughout.
std::optional<Sector> named_sector(const CvCertificate& terminal, base::ByteView sector_key) {
    for (const crypto::Hash hash : {terminal.key.hash, crypto::Hash::sha256}) {
        const auto& rows = terminal.sector_hashes;
        const auto found = std::ranges::find(rows, crypto::digest(hash, sector_key));
        if (found != rows.end()) return found == rows.begin() ? Sector::first : Sector::second;
    }
    return std::nullopt;
}

}  // namespace

base::Result<void> check_sector_key(const CvCertificate& terminal, base::ByteView sector_key) {
    TRY_VOID(find_sector(terminal, sector_key));
    return {};
}

base::Result<Sector> find_sector(const CvCertificate& terminal, base::ByteView sector_key) {
    if (!apdu::only(sector_key, 0x7F49, apdu::Rules::der)) {
        return base::fail(base::Errc::restricted_id_failed, "sector key form");
    }
    if (const auto sector = named_sector(terminal, sector_key)) return *sector;
    return base::fail(base::Errc::restricted_id_failed, "sector key not in certificate");
}

base::Result<base::Bytes> sector_key_of(const CvCertificate& terminal, const crypto::Point& key) {
    const auto domain = crypto::domain_parameters(key.curve);
    const base::Bytes cofactor = apdu::tlv(0x87, base::Bytes{1});
    for (const std::uint8_t hash : base::Bytes{3, 4, 5, 2, 1}) {
        for (const base::ByteView tail : {base::ByteView(cofactor), base::ByteView()}) {
            const base::Bytes object =
                apdu::tlv(0x7F49, {apdu::tlv(0x06, {apdu::oid::ri_ecdh, base::Bytes{hash}}),
                                   apdu::tlv(0x81, base::ByteView(domain.prime)),
                                   apdu::tlv(0x82, base::ByteView(domain.a)),
                                   apdu::tlv(0x83, base::ByteView(domain.b)),
                                   apdu::tlv(0x84, base::ByteView(domain.generator)),
                                   apdu::tlv(0x85, base::ByteView(domain.order)),
                                   apdu::tlv(0x86, base::ByteView(key.bytes)), tail});
            if (named_sector(terminal, object)) return object;
        }
    }
    return base::fail(base::Errc::restricted_id_failed, "sector key not in certificate");
}

base::Result<Pseudonym> read_pseudonym(Channel& channel, const SecurityInfos& infos,
                                       base::ByteView sector_key, Sector sector) {
    TRY(identifier, identify(channel, infos, pseudonym_key, sector_key, tags_of(sector)));
    return Pseudonym(identifier);
}

base::Result<BlockListId> read_block_list_id(Channel& channel, const SecurityInfos& infos,
                                             base::ByteView sector_key, Sector sector) {
    TRY(identifier, identify(channel, infos, block_list_key, sector_key, tags_of(sector)));
    return BlockListId(identifier);
}

}  // namespace eid
