// SPDX-License-Identifier: EUPL-1.2
// `freigabectl catalogue`: what an authority's editor and its data-protection officer use before a
// terminal ever sees the file.
#include <chrono>
#include <cstdio>
#include <string>

#include "drivers/base/encoding.hpp"
#include "drivers/crypto/random.hpp"
#include "kiosk/consent/catalogue.hpp"
#include "kiosk/consent/catalogue_rules.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "kiosk/ctl/pki_files.hpp"
#include "sync/downstream/catalogue_file.hpp"
#include "sync/downstream/trust.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jwk.hpp"

namespace ctl {

namespace {

int usage() {
    std::fputs(
        "usage: freigabectl catalogue <what>\n"
        "  check FILE [--keys TRUST.JSON]   every violation: where, which rule, what to do;\n"
        "                                   with --keys also both signatures and the dates\n"
        "  sign  --role authority_publisher|dsb_approver --key FILE IN OUT\n"
        "                                   IN: catalogue.json, or a file the other role signed\n"
        "  show  FILE                       entries, languages and what is a draft\n"
        "  names FILE                       German names as JSON, for freigabe-backend --names\n",
        stderr);
    return exit_usage;
}

base::Result<base::Bytes> read_payload(std::string_view path) {
    TRY(content, read_file(path));
    if (!downstream::is_signed_catalogue(content)) return std::move(content);
    return downstream::catalogue_payload(base::as_text(content));
}

/// Prints the violations; the number of them.
std::size_t print_violations(base::ByteView json) {
    const consent::Reading reading = consent::read(json);
    for (const auto& each : reading.violations) {
        std::printf("%s: %s: %s -> %s\n", each.place.empty() ? "file" : each.place.c_str(),
                    each.rule.c_str(), each.what.c_str(), each.remedy.c_str());
    }
    return reading.violations.size();
}

base::Result<void> check_signatures(std::string_view file, std::string_view trust_file) {
    TRY(content, read_file(file));
    TRY(trust_text, read_file(trust_file));
    TRY(trust, downstream::parse_trust(base::as_text(trust_text)));
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    TRY(verified, downstream::verify_catalogue(base::as_text(content), trust.catalogue, {},
                                               static_cast<std::uint64_t>(now.count())));
    std::printf("signed by both roles: version %s, sha256 %s\n",
                downstream::to_text(verified.version).c_str(), base::to_hex(verified.hash).c_str());
    return {};
}

int check(const Options& options) {
    if (options.words().size() != 1) return usage();
    const std::string_view file = options.words().front();
    const auto json = read_payload(file);
    if (!json) {
        print_error(json.error());
        return exit_failed;
    }
    const std::size_t count = print_violations(*json);
    std::printf("%zu violation%s\n", count, count == 1 ? "" : "s");
    if (const auto keys = options.value("--keys")) {
        if (auto done = check_signatures(file, *keys); !done) {
            print_error(done.error());
            return exit_failed;
        }
    }
    return count == 0 ? exit_ok : exit_failed;
}

base::Result<void> sign_file(const Options& options, std::string_view role) {
    TRY(key, read_key(std::string(*options.value("--key"))));
    TRY(input, read_file(options.words()[0]));
    crypto::SystemRandom random;
    seal::PairSigner signer(key, random);
    seal::JwsHeader header;
    header.kid = seal::thumbprint(key.point);
    header.role = std::string(role);
    TRY(text, downstream::add_catalogue_signature(input, {std::move(header), &signer}));
    return write_file(options.words()[1], base::as_bytes(text));
}

int sign(const Options& options) {
    const auto role = options.value("--role");
    if (!role || !options.has("--key") || options.words().size() != 2) return usage();
    if (*role != downstream::role_publisher && *role != downstream::role_approver) return usage();
    // Nobody signs what a terminal would refuse: the violations are cheaper to mend now.
    const auto json = read_payload(options.words()[0]);
    if (!json) {
        print_error(json.error());
        return exit_failed;
    }
    if (print_violations(*json) != 0) return exit_failed;
    if (auto done = sign_file(options, *role); !done) {
        print_error(done.error());
        return exit_failed;
    }
    return exit_ok;
}

int show(const Options& options) {
    if (options.words().size() != 1) return usage();
    const auto json = read_payload(options.words().front());
    if (!json) {
        print_error(json.error());
        return exit_failed;
    }
    const consent::Reading reading = consent::read(*json);
    if (!reading.catalogue) return exit_failed;
    const consent::Catalogue& catalogue = *reading.catalogue;
    std::printf("%s %s, %s to %s, %zu authorities, %zu categories\n", catalogue.id.c_str(),
                catalogue.version.c_str(), consent::to_text(catalogue.valid_from).c_str(),
                consent::to_text(catalogue.valid_until).c_str(), catalogue.authorities.size(),
                catalogue.categories.size());
    for (const auto& entry : catalogue.entries) {
        std::printf("%-7s %-5s %s:", entry.id.c_str(), entry.version.c_str(),
                    entry.wording.at("de").slots.title.c_str());
        for (const auto& [language, words] : entry.wording) {
            std::printf(" %s%s", language.c_str(), words.draft() ? "(draft)" : "");
        }
        std::printf("\n");
    }
    return exit_ok;
}

int names(const Options& options) {
    if (options.words().size() != 1) return usage();
    const auto json = read_payload(options.words().front());
    if (!json) {
        print_error(json.error());
        return exit_failed;
    }
    const auto loaded = consent::load(*json);
    if (!loaded) {
        print_error(loaded.error());
        return exit_failed;
    }
    model::JsonWriter entries;
    for (const auto& entry : loaded->entries) {
        entries.text(entry.id, entry.wording.at("de").slots.title);
    }
    model::JsonWriter authorities;
    for (const auto& authority : loaded->authorities) {
        authorities.text(authority.id, consent::text_for(authority.full_name, "de"));
    }
    const std::string text = model::JsonWriter()
                                 .raw("entries", entries.done())
                                 .raw("authorities", authorities.done())
                                 .done();
    std::printf("%s\n", text.c_str());
    return exit_ok;
}

}  // namespace

int catalogue(Arguments arguments) {
    if (arguments.empty()) return usage();
    const auto options = Options::parse(
        arguments.subspan(1),
        {{"--keys", Takes::value}, {"--role", Takes::value}, {"--key", Takes::value}});
    if (!options) return exit_usage;
    if (arguments[0] == "check") return check(*options);
    if (arguments[0] == "sign") return sign(*options);
    if (arguments[0] == "show") return show(*options);
    if (arguments[0] == "names") return names(*options);
    return usage();
}

}  // namespace ctl
