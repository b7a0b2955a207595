-- With this key, each deletion of an identity would read all episodes: they have no index by
-- identity, which every alert would have to pay for. An identity goes only after its episodes.
alter table alert_episode drop constraint alert_episode_identity_fk;
