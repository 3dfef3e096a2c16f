// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/ctl/card_request.hpp"

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
#include "drivers/pcsc/context.hpp"
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

/// The CV certificates that stand one after the other in these bytes. errors: certificate_bad.
base::Result<std::vector<base::Bytes>> split_certificates(base::ByteView content) {
    std::vector<base::Bytes> out;
    apdu::TlvReader reader(content, apdu::Rules::der);
    while (!reader.at_end()) {
        const auto object = reader.take_if(0x7F21);
        if (!object) return base::fail(base::Errc::certificate_bad, "certificate file");
        out.emplace_back(object->whole.begin(), object->whole.end());
    }
    return out;
}

void add_once(std::vector<base::Bytes>& all, base::Bytes certificate) {
    if (std::ranges::find(all, certificate) == all.end()) all.push_back(std::move(certificate));
}

base::Result<void> add_folder(std::vector<base::Bytes>& all, std::string_view folder) {
    TRY(paths, list_folder(folder));
    for (const std::string& path : paths) {
        TRY(content, read_file(path));
        auto certificates = split_certificates(content);
        if (!certificates) continue;
        for (base::Bytes& der : *certificates) {
            const auto parsed = eid::parse_cv_certificate(der);
            if (parsed && parsed->chat.role != eid::Role::terminal) add_once(all, std::move(der));
        }
    }
    return {};
}

base::Result<std::vector<eid::DataGroup>> read_groups(std::string_view text) {
    std::vector<eid::DataGroup> groups;
    for (const std::string_view part : split(text, ',')) {
        const auto value = number(part);
        if (!value || *value < 1 || *value > eid::data_groups_max) {
            return bad("no data group", part);
        }
        groups.push_back(static_cast<eid::DataGroup>(*value));
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
    std::vector<base::Bytes> all;
    for (const std::string_view path : options.values("--at-cert")) {
        TRY(content, read_file(path));
        TRY(certificates, split_certificates(content));
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

base::Result<eid::AuthenticateRequest> read_request(const Options& options, eid::Date today) {
    eid::AuthenticateRequest request{};
    request.today = today;
    if (const auto groups = options.value("--dg")) {
        TRY(list, read_groups(*groups));
        request.groups = std::move(list);
    }
    if (const auto checks = options.value("--aux")) {
        TRY(list, read_checks(*checks, today));
        request.auxiliary = std::move(list);
    }
    if (const auto sector = options.value("--sector")) {
        TRY(key, read_file(*sector));
        request.sector_key = std::move(key);
        request.restricted_id = options.has("--block-list-id")
                                    ? eid::WantRestrictedId::pseudonym_and_block_list_id
                                    : eid::WantRestrictedId::pseudonym;
    }
    for (const std::string_view path : options.values("--csca")) {
        TRY(certificate, read_file(path));
        request.trusted_csca.push_back(std::move(certificate));
    }
    return request;
}

template <class Secret>
base::Result<Secret> read_secret() {
    TRY(line, read_line_from_stdin());
    if (line.size() > Secret::capacity) {
        base::wipe(line);
        return base::fail(base::Errc::secret_format_bad, "standard input");
    }
    Secret secret{base::ByteView(line)};
    base::wipe(line);
    return secret;
}
template base::Result<eid::Pin> read_secret<eid::Pin>();
template base::Result<eid::Can> read_secret<eid::Can>();
template base::Result<eid::Puk> read_secret<eid::Puk>();

base::Result<eid::Credentials> read_credentials(const Options& options, port::Random& random) {
    if (options.has("--pin-stdin")) {
        TRY(pin, read_secret<eid::Pin>());
        std::optional<eid::Can> can;
        if (options.has("--can-stdin")) {
            TRY(line, read_secret<eid::Can>());
            can = std::move(line);
        }
        return eid::Credentials(eid::WithPin{std::move(pin), std::move(can)});
    }
    if (!options.has("--can-stdin")) return bad("missing", "--pin-stdin or --can-stdin");
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
    const bool clear = fitting.size() == 1 || (wanted.empty() && !fitting.empty());
    if (clear) return fitting.front();
    for (const std::string& name : names) std::fprintf(stderr, "reader: %s\n", name.c_str());
    return base::fail(base::Errc::reader_missing, "find reader");
}

}  // namespace ctl
