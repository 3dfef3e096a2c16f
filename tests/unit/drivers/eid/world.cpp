// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/drivers/eid/world.hpp"

#include "drivers/crypto/digest.hpp"
#include "drivers/pki/cv_builder.hpp"
#include "tests/card/person.hpp"

#include <doctest/doctest.h>

namespace eid_test {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_days effective{2026y / 11 / 1};
constexpr std::chrono::sys_days expiration{2029y / 11 / 1};

struct Holder {
    std::string reference;
    const crypto::KeyPair& key;
};

base::Bytes build(const pki::CvRequest& request, const crypto::KeyPair& signer,
                  port::Random& random) {
    auto built = pki::build_cv_certificate(request, signer, random);
    REQUIRE(built.has_value());
    return std::move(*built);
}

pki::CvRequest request_of(eid::Role role, const Holder& issuer, const Holder& holder,
                          std::uint64_t rights) {
    return {role,
            issuer.reference,
            holder.reference,
            holder.key.point,
            eid::Rights{rights},
            effective,
            expiration,
            {}};
}

}  // namespace

base::Result<base::Bytes> CardInProcess::transmit(base::ByteView command) {
    ++commands;
    base::Bytes answer = card_.process(command);
    if (fault) return fault(commands, command, std::move(answer));
    return answer;
}

World::World(WorldOptions options)
    : random(static_cast<std::uint32_t>(options.seed + 1)),
      card_random(static_cast<std::uint32_t>(options.seed + 2)) {
    const auto curve = options.certificate_curve;
    const auto card_curve = crypto::curve_of_standard_id(options.suite.parameters);
    REQUIRE(card_curve.has_value());
    const auto cvca_key = crypto::generate_key(curve, random);
    const auto next_key = crypto::generate_key(curve, random);
    const auto dv_key = crypto::generate_key(curve, random);
    auto terminal_key = crypto::generate_key(curve, random);
    sector_key = pki::encode_sector_key(crypto::generate_key(*card_curve, random).point);

    const Holder cvca{"DECVCATEST00001", cvca_key};
    const Holder next{"DECVCATEST00002", next_key};
    const Holder dv{"DEDVTEST00001", dv_key};
    const Holder terminal{"DETERMINAL00001", terminal_key};
    const std::uint64_t all = eid::rights_mask;
    const base::Bytes root = build(request_of(eid::Role::cvca, cvca, cvca, all), cvca_key, random);
    const base::Bytes next_root =
        build(request_of(eid::Role::cvca, next, next, all), next_key, random);
    certificates.push_back(
        build(request_of(eid::Role::dv_official, next, dv, all), next_key, random));
    certificates.push_back(build(request_of(eid::Role::cvca, cvca, next, all), cvca_key, random));
    auto own = request_of(eid::Role::terminal, dv, terminal, options.rights.value_or(all));
    if (!options.no_sector) {
        own.extensions = pki::sector_extension(crypto::Hash::sha256, {sector_key, {}});
    }
    if (!options.description.empty()) {
        base::append(own.extensions,
                     pki::description_extension(crypto::Hash::sha256, options.description));
    }
    certificates.push_back(build(own, dv_key, random));

    store = std::make_unique<keys::MemoryKeyStore>(std::move(terminal_key), random);
    auto made = keys::LocalAuthenticator::create(certificates, *store, "terminal");
    REQUIRE(made.has_value());
    authenticator.emplace(std::move(*made));

    auto loaded = card::load_person(std::string(CARD_PEOPLE_DIR) + "/" + options.person + ".json");
    REQUIRE_MESSAGE(loaded.person.has_value(), loaded.error.reason);
    if (options.alter) options.alter(*loaded.person);
    card::Card::Options card_options{
        std::move(*loaded.person), {}, options.seed, options.chip_key, options.suite};
    REQUIRE(card_options.trust_points.add_file(options.old_trust_point ? root : next_root));
    chip = std::make_unique<card::Card>(std::move(card_options), card_random);
    reinsert();
}

void World::reinsert() {
    transport = std::make_unique<CardInProcess>(*chip);
}

eid::AuthenticateRequest World::request(std::string_view pin) const {
    eid::AuthenticateRequest out{};
    out.credentials = eid::WithPin{pin_of(pin), {}};
    out.groups = {eid::DataGroup::document_type, eid::DataGroup::given_names,
                  eid::DataGroup::family_names, eid::DataGroup::date_of_birth,
                  eid::DataGroup::place_of_residence};
    out.restricted_id = eid::WantRestrictedId::pseudonym;
    out.sector_key = sector_key;
    out.today = eid::Date{2026y / 11 / 24};
    return out;
}

eid::AuthenticatePorts World::ports() {
    return {*transport, *authenticator, clock, random, &observer, stop.get_token()};
}

base::Result<eid::AuthenticateResult> World::read(eid::AuthenticateRequest request) {
    return eid::authenticate(std::move(request), ports());
}

eid::Pin pin_of(std::string_view digits) {
    return eid::Pin{base::as_bytes(digits)};
}
eid::Can can_of(std::string_view digits) {
    return eid::Can{base::as_bytes(digits)};
}
eid::Puk puk_of(std::string_view digits) {
    return eid::Puk{base::as_bytes(digits)};
}

eid::OnSiteAttestation attestation() {
    return eid::OnSiteAttestation(base::make_uuid7(1'700'000'000'000, {1, 2, 3}));
}

}  // namespace eid_test
