// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/ctl/card_request.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

#include "drivers/apdu/tlv.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/crypto/key_file.hpp"
#include "drivers/eid/cv_certificate.hpp"
#include "drivers/eid/restricted_id.hpp"
#include "drivers/eid/security_infos.hpp"
#include "drivers/pcsc/context.hpp"
#include "drivers/pki/pem.hpp"
#include "kiosk/ctl/files.hpp"

namespace ctl {
namespace {

auto bad(const char* why, std::string_view what) {
    std::fprintf(stderr, "%s: %.*s\n", why, static_cast<int>(what.size()), what.data());
    return base::fail(base::Errc::config_bad, "card options");
}

std::optional<unsigned> number(std::string_view text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// DER out of a file that may be PEM. Empty for PEM that is broken.
std::vector<base::Bytes> blocks_of(base::Bytes content) {
    if (pki::is_pem(content)) return pki::from_pem(content);
    std::vector<base::Bytes> one;
    one.push_back(std::move(content));
    return one;
}

/// The CV certificates that stand one after the other in a file. errors: certificate_bad.
base::Result<std::vector<base::Bytes>> split_certificates(base::Bytes content) {
    std::vector<base::Bytes> out;
    for (const base::Bytes& block : blocks_of(std::move(content))) {
        apdu::TlvReader reader(block, apdu::Rules::der);
        while (!reader.at_end()) {
            const auto object = reader.take_if(0x7F21);
            if (!object) return base::fail(base::Errc::certificate_bad, "certificate file");
            out.emplace_back(object->whole.begin(), object->whole.end());
        }
    }
    if (out.empty()) return base::fail(base::Errc::certificate_bad, "certificate file");
    return out;
}

void add_once(std::vector<base::Bytes>& all, base::Bytes certificate) {
    if (std::ranges::find(all, certificate) == all.end()) all.push_back(std::move(certificate));
}

base::Result<void> add_folder(std::vector<base::Bytes>& all, std::string_view folder) {
    TRY(paths, list_folder(folder));
    for (const std::string& path : paths) {
        // Whatever else lies there, too large, unreadable or of another kind, is not ours.
        auto content = read_file(path);
        if (!content) continue;
        auto certificates = split_certificates(std::move(*content));
        if (!certificates) continue;
        for (base::Bytes& der : *certificates) {
            const auto parsed = eid::parse_cv_certificate(der);
            if (parsed && parsed->chat.role != eid::Role::terminal) add_once(all, std::move(der));
        }
    }
    return {};
}

/// A sector key as 7F49, as it stands or built from a SubjectPublicKeyInfo.
base::Result<base::Bytes> read_sector_key(std::string_view path, base::ByteView terminal) {
    TRY(content, read_file(path));
    auto blocks = blocks_of(std::move(content));
    if (blocks.size() != 1) return base::fail(base::Errc::key_bad, "sector key file");
    if (apdu::only(blocks[0], 0x7F49)) return std::move(blocks[0]);
    const auto key = eid::parse_public_key_info(blocks[0]);
    if (!key) return base::fail(base::Errc::key_bad, "sector key file");
    TRY(certificate, eid::parse_cv_certificate(terminal));
    return eid::sector_key_of(certificate, *key);
}

base::Result<std::vector<eid::DataGroup>> read_groups(std::string_view text) {
    std::vector<eid::DataGroup> groups;
    for (const std::string_view part : split(text, ',')) {
        const auto value = number(part);
        if (!value || *value < 1 || *value > eid::data_groups_max) {
            return bad("no data group", part);
        }
        const auto group = static_cast<eid::DataGroup>(*value);
        if (std::ranges::find(groups, group) == groups.end()) groups.push_back(group);
    }
    return groups;
}

base::Result<eid::AuxiliaryChecks> read_checks(std::string_view text, eid::Date today) {
    constexpr std::string_view age = "age=";
    constexpr std::string_view community = "community=";
    eid::AuxiliaryChecks checks;
    for (const std::string_view part : split(text, ',')) {
        if (part == "validity") {
            checks.valid_on = today;
        } else if (part.starts_with(age)) {
            const auto years = number(part.substr(age.size()));
            if (!years || *years > 150) return bad("no age", part);
            checks.born_on_or_before = eid::latest_birth_date(today, *years);
        } else if (part.starts_with(community)) {
            auto bytes = base::from_hex(part.substr(community.size()));
            if (!bytes || bytes->empty() || bytes->size() > 7) return bad("no community", part);
            checks.community = std::move(*bytes);
        } else {
            return bad("unknown check", part);
        }
    }
    return checks;
}

}  // namespace

base::Result<std::vector<base::Bytes>> read_certificates(const Options& options) {
    if (!options.has("--at-cert")) return bad("missing", "--at-cert");
    std::vector<base::Bytes> all;
    for (const std::string_view path : options.values("--at-cert")) {
        TRY(content, read_file(path));
        TRY(certificates, split_certificates(std::move(content)));
        for (base::Bytes& der : certificates) add_once(all, std::move(der));
    }
    if (const auto folder = options.value("--cvca-dir")) TRY_VOID(add_folder(all, *folder));
    return all;
}

base::Result<crypto::KeyPair> read_terminal_key(const Options& options) {
    const auto path = options.value("--at-key");
    if (!path) return bad("missing", "--at-key");
    TRY(content, read_file(*path));
    auto key = crypto::parse_private_key(content);
    base::wipe(content);
    return key;
}

base::Result<eid::AuthenticateRequest> read_request(const Options& options, eid::Date today,
                                                    base::ByteView terminal) {
    eid::AuthenticateRequest request{};
    request.today = today;
    request.refusals = eid::Refusals::report;
    if (const auto groups = options.value("--dg")) {
        TRY(list, read_groups(*groups));
        request.groups = std::move(list);
    }
    if (const auto checks = options.value("--aux")) {
        TRY(list, read_checks(*checks, today));
        request.auxiliary = std::move(list);
    }
    if (const auto sector = options.value("--sector")) {
        TRY(key, read_sector_key(*sector, terminal));
        request.sector_key = std::move(key);
        request.restricted_id = options.has("--block-list-id")
                                    ? eid::WantRestrictedId::pseudonym_and_block_list_id
                                    : eid::WantRestrictedId::pseudonym;
    } else if (options.has("--block-list-id")) {
        return bad("missing", "--sector");
    }
    if (const auto activity = options.value("--pin-activity")) {
        if (*activity != "activate" && *activity != "deactivate")
            return bad("neither activate nor deactivate", *activity);
        request.pin_activity =
            *activity == "activate" ? eid::PinActivity::activate : eid::PinActivity::deactivate;
    }
    for (const std::string_view path : options.values("--csca")) {
        TRY(content, read_file(path));
        auto blocks = blocks_of(std::move(content));
        if (blocks.empty()) return bad("no certificate", path);
        std::ranges::move(blocks, std::back_inserter(request.trusted_csca));
    }
    return request;
}

base::Result<std::optional<BlockListOptions>> read_block_list(const Options& options,
                                                              base::ByteView terminal) {
    const auto file = options.value("--block-list");
    const auto sector = options.value("--revocation-sector");
    if (!file && !sector) return std::optional<BlockListOptions>{};
    if (!file) return bad("missing", "--block-list");
    if (!sector) return bad("missing", "--revocation-sector");
    TRY(key, read_sector_key(*sector, terminal));
    TRY(list, eid::BlockList::open(*file));
    return std::optional<BlockListOptions>(BlockListOptions{std::move(list), std::move(key)});
}

template <class Secret>
base::Result<Secret> read_secret() {
    const auto bad_format = [] {
        return base::fail(base::Errc::secret_format_bad, "standard input");
    };
    auto line = read_line_from_stdin();
    if (!line) return bad_format();
    if (line->size() > Secret::capacity) {
        base::wipe(*line);
        return bad_format();
    }
    Secret secret{base::ByteView(*line)};
    base::wipe(*line);
    return secret;
}
template base::Result<eid::Pin> read_secret<eid::Pin>();
template base::Result<eid::Can> read_secret<eid::Can>();
template base::Result<eid::Puk> read_secret<eid::Puk>();

template <class Secret>
base::Result<std::optional<Secret>> read_optional_secret() {
    // Whoever pipes secrets in writes them at once; at a terminal nobody waits for a line that need
    // not come.
    constexpr int wait_ms = 200;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, wait_ms) <= 0 || (input.revents & POLLIN) == 0) {
        return std::optional<Secret>{};
    }
    auto line = read_line_from_stdin();
    if (!line || line->empty()) return std::optional<Secret>{};
    if (line->size() > Secret::capacity) {
        base::wipe(*line);
        return base::fail(base::Errc::secret_format_bad, "standard input");
    }
    std::optional<Secret> secret(std::in_place, base::ByteView(*line));
    base::wipe(*line);
    return secret;
}
template base::Result<std::optional<eid::Pin>> read_optional_secret<eid::Pin>();
template base::Result<std::optional<eid::Can>> read_optional_secret<eid::Can>();

FirstLine first_line(Arguments arguments, FirstLine usual) {
    const auto pin = std::ranges::find(arguments, std::string_view("--pin-stdin"));
    const auto can = std::ranges::find(arguments, std::string_view("--can-stdin"));
    if (pin == arguments.end() || can == arguments.end()) return usual;
    return pin < can ? FirstLine::pin : FirstLine::can;
}

base::Result<PinAndCan> read_pin_and_can(FirstLine first) {
    if (first == FirstLine::pin) {
        TRY(pin, read_secret<eid::Pin>());
        TRY(can, read_secret<eid::Can>());
        return PinAndCan{std::move(pin), std::move(can)};
    }
    TRY(can, read_secret<eid::Can>());
    TRY(pin, read_secret<eid::Pin>());
    return PinAndCan{std::move(pin), std::move(can)};
}

namespace {

base::Result<eid::Credentials> read_pad_options(const Options& options) {
    if (options.has("--pin-stdin") || options.has("--can-stdin")) {
        return bad("contradicts --pin-pad", "--pin-stdin, --can-stdin");
    }
    eid::WithReaderPin at_reader;
    if (options.has("--can-pad")) at_reader.suspended = eid::WithReaderPin::Suspended::ask_can;
    if (const auto path = options.value("--at-description")) {
        TRY(content, read_file(*path));
        at_reader.certificate_description = std::move(content);
    }
    return eid::Credentials(std::move(at_reader));
}

}  // namespace

base::Result<eid::Credentials> read_credentials(const Options& options, FirstLine first,
                                                port::Random& random) {
    if (options.has("--pin-pad")) return read_pad_options(options);
    if (options.has("--can-pad") || options.has("--at-description")) {
        return bad("missing", "--pin-pad");
    }
    const bool with_pin = options.has("--pin-stdin");
    const bool with_can = options.has("--can-stdin");
    if (with_pin && with_can) {
        TRY(both, read_pin_and_can(first));
        return eid::Credentials(eid::WithPin{std::move(both.pin), std::move(both.can)});
    }
    if (with_pin) {
        TRY(pin, read_secret<eid::Pin>());
        return eid::Credentials(eid::WithPin{std::move(pin), {}});
    }
    if (!with_can) return bad("missing", "--pin-stdin, --can-stdin or --pin-pad");
    TRY(can, read_secret<eid::Can>());
    std::array<std::uint8_t, 10> bytes{};
    random.fill(bytes);
    return eid::Credentials(
        eid::OnSite{std::move(can), eid::OnSiteAttestation(base::make_uuid7(0, bytes))});
}

base::Result<std::string> find_reader(const Options& options) {
    TRY(context, pcsc::Context::establish());
    TRY(names, context.readers());
    const std::string_view wanted = options.value("--reader").value_or("");
    for (const std::string& name : names) {
        if (name == wanted) return name;
    }
    std::vector<std::string> fitting;
    std::ranges::copy_if(names, std::back_inserter(fitting), [&](const std::string& name) {
        return name.find(wanted) != std::string::npos;
    });
    if (fitting.size() == 1) return fitting.front();
    if (wanted.empty() && !fitting.empty()) {
        TRY(occupied, context.with_card(fitting));
        // A PIN must not reach the wrong one of two cards.
        if (occupied.size() < 2) return occupied.empty() ? fitting.front() : occupied.front();
        std::fputs("cards in several readers: name one with --reader\n", stderr);
    }
    for (const std::string& name : names) std::fprintf(stderr, "reader: %s\n", name.c_str());
    return base::fail(base::Errc::reader_missing, "find reader");
}

}  // namespace ctl
