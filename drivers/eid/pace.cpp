// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/pace.hpp"

#include <algorithm>
#include <utility>

#include "drivers/apdu/status.hpp"
#include "drivers/apdu/tlv.hpp"
#include "drivers/base/check.hpp"
#include "drivers/crypto/cipher.hpp"
#include "drivers/crypto/digest.hpp"

namespace eid {
namespace {

constexpr std::uint8_t ins_manage_security = 0x22;
constexpr std::uint8_t ins_general_authenticate = 0x86;
constexpr apdu::Tag tag_dynamic_data = 0x7C;
constexpr std::size_t block_bytes = 16;
// The norm lets the card choose any multiple of the block size; nobody uses more than two blocks.
constexpr std::size_t nonce_bytes_max = 64;
constexpr std::size_t references_max = 2;

auto failed(const char* where, std::uint32_t detail = 0) {
    return base::fail(base::Errc::pace_failed, where, detail);
}

base::Errc errc_of_pin(std::uint16_t status) {
    if (apdu::sw::is_counter(status)) return base::Errc::pin_wrong;
    switch (status) {
        case apdu::sw::verification_failed:
            return base::Errc::pin_wrong;
        case apdu::sw::conditions:
            return base::Errc::pin_suspended;
        case apdu::sw::method_blocked:
            return base::Errc::pin_blocked;
        case apdu::sw::data_invalid:
            return base::Errc::pin_deactivated;
        default:
            return base::Errc::pace_failed;
    }
}

base::Errc errc_of_can(std::uint16_t status) {
    if (apdu::sw::is_counter(status)) return base::Errc::can_wrong;
    switch (status) {
        case apdu::sw::verification_failed:
            return base::Errc::can_wrong;
        case apdu::sw::conditions:
        case apdu::sw::security_status:
            return base::Errc::right_missing;
        default:
            return base::Errc::pace_failed;
    }
}

base::Errc errc_of_puk(std::uint16_t status) {
    if (apdu::sw::is_counter(status)) {
        return apdu::sw::counter(status) == 0 ? base::Errc::puk_inoperative : base::Errc::puk_wrong;
    }
    switch (status) {
        case apdu::sw::verification_failed:
            return base::Errc::puk_wrong;
        case apdu::sw::security_status:
        case apdu::sw::method_blocked:
        case apdu::sw::conditions:
        case 0x6900:
            return base::Errc::puk_inoperative;
        default:
            return base::Errc::pace_failed;
    }
}

enum class Position : std::uint8_t { in_chain, last };

/// One General Authenticate; returns the content of the answer's 7C.
base::Result<base::Bytes> step(Channel& channel, PasswordId password, Position position,
                               base::ByteView data) {
    const auto cla = position == Position::in_chain ? apdu::chaining_bit : std::uint8_t{0};
    TRY(answer, channel.send({cla, ins_general_authenticate, 0x00, 0x00,
                              apdu::tlv(tag_dynamic_data, data), apdu::short_le_max}));
    if (!answer.ok()) return base::fail(errc_of_pace(password, answer.sw), "pace step", answer.sw);
    TRY(content, apdu::only(answer.data, tag_dynamic_data));
    return base::Bytes(content.begin(), content.end());
}

base::Result<crypto::Scalar> decrypt_nonce(Cipher cipher, const PacePassword& password,
                                           base::ByteView encrypted) {
    if (encrypted.empty() || encrypted.size() > nonce_bytes_max ||
        encrypted.size() % block_bytes != 0) {
        return failed("pace nonce");
    }
    const SymmetricKey key = derive_key(cipher, password.expose(), {}, KeyUse::password);
    base::Bytes plain = crypto::aes_cbc_decrypt(key.expose(), crypto::AesBlock{}, encrypted);
    crypto::Scalar nonce{base::ByteView(plain)};
    base::wipe(plain);
    return nonce;
}

/// Exchanges one pair of points under these tags and refuses a card that sends our own point back.
base::Result<crypto::Point> swap_points(Channel& channel, PasswordId password,
                                        const crypto::Point& own, apdu::Tag sent) {
    TRY(content,
        step(channel, password, Position::in_chain, apdu::tlv(sent, base::ByteView(own.bytes))));
    TRY(value, apdu::only(content, sent + 1));
    const auto point = crypto::parse_point(own.curve, value);
    if (!point) return failed("pace point", point.error().detail);
    if (base::equal(point->bytes, own.bytes)) return failed("pace reflected point");
    return *point;
}

base::Result<crypto::Point> map(Channel& channel, const PaceInfo& info,
                                const PacePassword& password, PaceKeySource& keys,
                                port::Random& random) {
    TRY(content, step(channel, password.id(), Position::in_chain, {}));
    TRY(encrypted, apdu::only(content, 0x80));
    TRY(nonce, decrypt_nonce(info.cipher, password, encrypted));
    const crypto::KeyPair own = keys.mapping_key(*info.curve);
    TRY(theirs, swap_points(channel, password.id(), own.point, 0x81));
    TRY(shared, crypto::multiply(own.secret, theirs, random));
    auto mapped = crypto::map_generic(*info.curve, nonce.expose(), shared, random);
    // Together with the mapped generator it would let PINs be tried without the card.
    base::wipe(shared.bytes);
    return mapped;
}

base::Result<std::vector<std::string>> read_references(apdu::TlvReader& reader) {
    std::vector<std::string> references;
    for (const apdu::Tag tag : {0x87U, 0x88U}) {
        if (const auto object = reader.take_if(tag)) {
            if (object->value.empty()) continue;
            references.emplace_back(base::as_text(object->value));
        }
    }
    CHECK(references.size() <= references_max);
    return references;
}

/// Step 4: tokens cross; returns the CARs.
base::Result<std::vector<std::string>> confirm(Channel& channel, const PaceInfo& info,
                                               PasswordId password, const SessionKeys& keys,
                                               const crypto::Point& own,
                                               const crypto::Point& theirs) {
    const Token token = authentication_token(keys.mac, info.protocol, theirs);
    TRY(content, step(channel, password, Position::last, apdu::tlv(0x85, base::ByteView(token))));
    apdu::TlvReader reader(content);
    TRY(answer, reader.expect(0x86));
    if (!crypto::equal_ct(answer.value, authentication_token(keys.mac, info.protocol, own))) {
        return failed("pace token");
    }
    return read_references(reader);
}

PinState state_of(std::uint16_t status) {
    if (status == apdu::sw::deactivated) return PinState::deactivated;
    if (!apdu::sw::is_counter(status)) return PinState::three_tries;
    return static_cast<PinState>(std::min(apdu::sw::counter(status), 3U));
}

}  // namespace

PacePassword PacePassword::of_pin(const Pin& pin) {
    return {PasswordId::pin, pin.expose(), true};
}
PacePassword PacePassword::of_can_to_resume(const Can& can) {
    return {PasswordId::can, can.expose(), false};
}
PacePassword PacePassword::of_can_on_site(const Can& can, const OnSiteAttestation& attestation) {
    CHECK(attestation.valid());
    return {PasswordId::can, can.expose(), true};
}
PacePassword PacePassword::of_puk(const Puk& puk) {
    return {PasswordId::puk, puk.expose(), false};
}

PacePassword PacePassword::of_mrz(const MrzKey& key) {
    return {PasswordId::mrz, key.expose(), false};
}

base::Result<PinState> select_pace(Channel& channel, const PaceInfo& info,
                                   const PaceSelection& selection) {
    const std::uint8_t reference[] = {static_cast<std::uint8_t>(selection.password)};
    base::Bytes data = apdu::tlv(0x80, base::ByteView(info.protocol));
    apdu::append_tlv(data, 0x83, reference);
    if (selection.name_parameters) {
        const std::uint8_t parameters[] = {static_cast<std::uint8_t>(info.parameter_id)};
        apdu::append_tlv(data, 0x84, parameters);
    }
    if (selection.chat) base::append(data, encode_chat(*selection.chat));
    TRY(answer, channel.send({0x00, ins_manage_security, 0xC1, 0xA4, std::move(data), {}}));
    return judge_selection(selection.password, answer.sw);
}

base::Errc errc_of_pace(PasswordId password, std::uint16_t status) {
    switch (password) {
        case PasswordId::pin:
            return errc_of_pin(status);
        case PasswordId::can:
            return errc_of_can(status);
        case PasswordId::puk:
            return errc_of_puk(status);
        case PasswordId::mrz:
            break;
    }
    return base::Errc::pace_failed;
}

base::Result<PinState> judge_selection(PasswordId password, std::uint16_t status) {
    if (status == apdu::sw::ok || apdu::sw::is_counter(status) || status == apdu::sw::deactivated) {
        return password == PasswordId::pin ? state_of(status) : PinState::three_tries;
    }
    if (password == PasswordId::pin && status == apdu::sw::method_blocked) {
        return PinState::blocked;
    }
    // Some cards refuse a used-up PUK here, some at the end of PACE, some at its use.
    if (password == PasswordId::puk && errc_of_puk(status) != base::Errc::pace_failed) {
        return base::fail(errc_of_puk(status), "pace select", status);
    }
    // 6985: seen where the CHAT does not fit the password, 6A80 in the norm.
    if (status == 0x6A80 || status == apdu::sw::conditions) {
        return base::fail(base::Errc::right_missing, "pace select", status);
    }
    if (status == apdu::sw::reference_not_found) {
        return base::fail(base::Errc::protocol_unsupported, "pace select", status);
    }
    return base::fail(base::Errc::card_status_unexpected, "pace select", status);
}

base::Result<PaceOutcome> run_pace(Channel& channel, const PaceInfo& info,
                                   const PacePassword& password, PaceKeySource& keys,
                                   port::Random& random) {
    CHECK(info.curve.has_value());
    TRY(generator, map(channel, info, password, keys, random));
    auto agreement = keys.agreement_key(generator);
    base::wipe(generator.bytes);
    TRY(own, std::move(agreement));
    TRY(theirs, swap_points(channel, password.id(), own.point, 0x83));
    TRY(shared, crypto::shared_x(own, theirs, random));
    SessionKeys session = derive_session_keys(info.cipher, shared.expose());
    TRY(references, confirm(channel, info, password.id(), session, own.point, theirs));
    channel.secure(std::move(session));
    PaceOutcome outcome;
    outcome.chip_id.assign(theirs.x().begin(), theirs.x().end());
    outcome.authority_references = std::move(references);
    return outcome;
}

}  // namespace eid
